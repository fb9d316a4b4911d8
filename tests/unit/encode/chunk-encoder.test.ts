import { describe, expect, it } from 'vitest';
import type { RangeResult } from '../../../src/encode/chunk.ts';
import { chunk, column, dataOf, encode, line, rowsOf, version } from './encoder-input.ts';

/** The rows of one version out of one text. */
const rows = (text: string, given = version()) => {
  const [result] = encode([given], chunk(text)) as [RangeResult];
  expect(result.failure).toBeUndefined();
  return dataOf(result.segments);
};

/** Why a text is refused, after how many rows. */
const failure = (text: string | Buffer, given = version()) => {
  const [result] = encode([given], chunk(text)) as [RangeResult];
  const { segments, failure: found } = result;
  return { rows: segments.reduce((sum, segment) => sum + segment.rows, 0), ...found };
};

describe('records', () => {
  it('become rows in the order of the columns, whatever the order and spacing of their keys', () => {
    const text = [
      line('{"id":1,"name":"a"}'),
      line('{"name":"b","id":2}'),
      line('{ "id" : 3 , "name" : "c" }'),
      line('{"id": 4,"name":  "d"}'),
      line('{"id":5 ,"other":[{"id":0}],"name":"e"}'),
      line('{"\\u0069d":6,"name":"f"}'),
    ].join('');
    expect(rows(text)).toEqual([...'abcdef'].map((name, i) => [String(i + 1), `'${name}'`]));
  });

  it('that lack a property say so, and a null is not a lack', () => {
    const [{ segments }] = encode([version()], chunk(line('{"id":1}') + line('{"id":2,"name":null}'))) as [RangeResult];
    expect(rowsOf(segments).map((row) => row.at(-1))).toEqual(["'01'", null]);
    expect(segments[0]?.absent).toEqual([1]);
  });

  it('carry the offset of their line in the input as their order', () => {
    const lines = [line('{"id":1}'), '\n', line('{"id":2}')];
    const [{ segments }] = encode([version()], chunk(lines.join(''))) as [RangeResult];
    expect(rowsOf(segments).map((row) => row.at(-2))).toEqual(['1000', String(1001 + lines[0]!.length)]);
    expect(segments[0]).toMatchObject({ inputOffset: 1000, inputBytes: lines[0]!.length + lines[2]!.length });
  });

  it('count the last of a property that comes twice', () => {
    expect(rows(line('{"id":"x","id":1,"name":null,"name":"b"}'))).toEqual([['1', "'b'"]]);
    expect(rows(line('{"id":1,"name":"a","name":null}'))).toEqual([['1', null]]);
  });

  it('reach into objects that were flattened', () => {
    const nested = version({ columns: [column('id', 'bigint'), column('o.a', 'string'), column('o.p.b', 'bigint')] });
    const given = (record: string) => encode([nested], chunk(line(record)))[0]!.segments;
    const full = (record: string) => rowsOf(given(record)).map((row) => [...row.slice(0, 3), row[4]]);
    expect(full('{"id":1,"o":{"a":"x","p":{"b":2}}}')).toEqual([['1', "'x'", '2', null]]);
    expect(full('{"o":{"p":{"z":0,"b":2}},"id":1}')).toEqual([['1', null, '2', null]]);
    expect(full('{"id":1,"o":null}')).toEqual([['1', null, null, null]]);
    expect(full('{"id":1,"o":{}}')).toEqual([['1', null, null, null]]);
    // the last object counts, as a whole
    expect(full('{"id":1,"o":{"a":"x","p":{"b":2}},"o":{"p":{}}}')).toEqual([['1', null, null, null]]);
    expect(full('{"id":1,"o":null,"o":{"a":"x"}}')).toEqual([['1', "'x'", null, null]]);
    expect(failure(line('{"id":1,"o":{"p":[1]}}'), nested)).toMatchObject({
      code: 'INPUT_VALUE_INVALID',
      context: { stream: 'orders', column: 'o.p' },
    });
  });

  it('keep their text in mixed columns: strings raw, all else as its JSON', () => {
    const mixed = version({ columns: [column('id', 'bigint'), column('v', 'json')] });
    const values = ['"a\\"b"', '1.50', 'true', '{ "a" : 1e3 }', '[9007199254740993]', '"1.50"'];
    expect(
      rows(values.map((value, i) => line(`{"id":${i},"v":${value}}`)).join(''), mixed).map((row) => row[1]),
    ).toEqual([`'a"b'`, "'1.50'", "'true'", `'{ "a" : 1e3 }'`, "'[9007199254740993]'", "'1.50'"]);
  });

  it('may have decimals as text', () => {
    const given = version({
      columns: [column('id', 'bigint'), column('d', { kind: 'decimal', precision: 5, scale: 2 })],
    });
    const values = ['1.50', '"1.50"', '"-0.10"', '"1e2"', '"\\u0031.5"'];
    expect(rows(values.map((value) => line(`{"id":1,"d":${value}}`)).join(''), given).map((row) => row[1])).toEqual([
      '1.5',
      '1.5',
      '-0.1',
      '100',
      '1.5',
    ]);
    expect(failure(line('{"id":1,"d":"abc"}'), given)).toMatchObject({ code: 'INPUT_VALUE_INVALID' });
  });
});

describe('headers', () => {
  it('may come in any order, and change from line to line', () => {
    const text = [
      line('{"id":1}'),
      '{"record":{"id":2},"stream":"orders","type":"RECORD"}\n',
      '{"type":"RECORD","stream":"orders","record":{"id":3},"version":5}\n',
      ' {"type": "RECORD", "stream": "orders", "record": {"id": 4}, "time_extracted": null} \r\n',
      '{"type":"RECORD","record":{"id":5},"stream":"orders"}\n',
      line('{"id":6}'),
      '{"type":"RECORD","stream":"orders","record": {"id":7}}\n',
    ].join('');
    expect(rows(text).map(([id]) => id)).toEqual(['1', '2', '3', '4', '5', '6', '7']);
  });

  it('give their metadata, wherever it stands', () => {
    const given = version({ columns: [column('id', 'bigint')], metadata: true, deletes: 'soft' });
    const times = '"version":7,"time_extracted":"2024-05-05T12:00:00.5\\u002b02:00"';
    const text = [
      `{"type":"RECORD","stream":"orders","record":{"id":1},${times}}\n`,
      `{"type":"RECORD","stream":"orders",${times},"record":{"id":2}}\n`,
      `{"type":"RECORD","stream":"orders",${times},"record":{"id":3}}\n`,
      `{${times},"record":{"id":4},"stream":"orders","type":"RECORD"}\n`,
      line('{"id":5,"_sdc_deleted_at":"2024-05-05T00:00:00\\u002b00:00"}'),
    ].join('');
    const times5 = ['2024-05-05 10:00:00.5', '2024-01-01 00:00:00.000', '1704067200000', '7'];
    expect(rows(text, given)).toEqual([
      ...['1', '2', '3', '4'].map((id) => [id, null, ...times5]),
      ['5', '2024-05-05 00:00:00', null, '2024-01-01 00:00:00.000', '1704067200000', null],
    ]);
  });

  it.each([
    ['a delete time that is no string', '{"id":1,"_sdc_deleted_at":true}', '', '_sdc_deleted_at'],
    ['a delete time that is none', '{"id":1,"_sdc_deleted_at":"soon"}', '', '_sdc_deleted_at'],
    ['an extraction time that is a number', '{"id":1}', ',"time_extracted":12024', 'time_extracted'],
    ['an extraction time that is none', '{"id":1}', ',"time_extracted":"now"', 'time_extracted'],
    ['a version beyond 64 bits', '{"id":1}', ',"version":9223372036854775808', 'version'],
    ['a version with a fraction', '{"id":1}', ',"version":1.5', 'version'],
  ])('with %s are refused', (_, record, header, name) => {
    const given = version({ metadata: true, deletes: 'hard' });
    const text = `{"type":"RECORD","stream":"orders","record":${record}${header}}\n`;
    expect(failure(text, given)).toMatchObject({ rows: 0, context: { stream: 'orders', column: name } });
  });

  it('name streams byte for byte: an escape in a name never leads to another stream', () => {
    const names = ['xA', 'x\\u0041', 'a\\b', 'a\b', 'q"', 'ü'];
    const versions = names.map((stream, id) => version({ id, stream }));
    const spelled = ['"x\\u0041"', '"x\\\\u0041"', '"a\\\\b"', '"a\\b"', '"q\\""', '"\\u00fc"'];
    const pairs = [...names.keys()].flatMap((a) => [...names.keys()].map((b) => [a, b] as const));
    for (const [a, b] of pairs) {
      // the first line teaches the encoder the header, and the name
      const text = [JSON.stringify(names[a]), spelled[b], JSON.stringify(names[b])]
        .map((name, id) => `{"type":"RECORD","stream":${name},"record":{"id":${id}}}\n`)
        .join('');
      const [{ segments, failure: found }] = encode(versions, chunk(text, versions.length)) as [RangeResult];
      expect(found).toBeUndefined();
      const byVersion = new Map(segments.map((s) => [s.versionId, dataOf([s]).map(([id]) => id)]));
      expect(byVersion).toEqual(
        a === b
          ? new Map([[a, ['0', '1', '2']]])
          : new Map([
              [a, ['0']],
              [b, ['1', '2']],
            ]),
      );
    }
  });

  it('whose name only looks right without its escapes are no JSON', () => {
    const given = version({ stream: 'q"' });
    const text =
      '{"type":"RECORD","stream":"q\\"","record":{"id":1}}\n{"type":"RECORD","stream":"q"","record":{"id":2}}\n';
    expect(failure(text, given)).toMatchObject({ rows: 1, code: 'INPUT_NOT_JSON' });
  });
});

describe('a bad line', () => {
  const good = line('{"id":1}');

  it.each([
    ['a null key', line('{"id":null}'), 'INPUT_KEY_MISSING', { stream: 'orders', column: 'id' }],
    ['a missing key', line('{"name":"a"}'), 'INPUT_KEY_MISSING', { stream: 'orders', column: 'id' }],
    ['a wrong kind', line('{"id":"1"}'), 'INPUT_VALUE_INVALID', { stream: 'orders', column: 'id' }],
    ['a value out of range', line('{"id":1e30}'), 'INPUT_VALUE_INVALID', { stream: 'orders', column: 'id' }],
    ['a stream without SCHEMA', line('{"id":1}', 'other'), 'INPUT_RECORD_BEFORE_SCHEMA', { stream: 'other' }],
    ['no record', '{"type":"RECORD","stream":"orders"}\n', 'INPUT_MESSAGE_INVALID', { stream: 'orders' }],
    ['a record that is null', line('null'), 'INPUT_MESSAGE_INVALID', { stream: 'orders' }],
    ['a record that is a list', line('[{"id":1}]'), 'INPUT_MESSAGE_INVALID', { stream: 'orders' }],
    ['no stream', '{"type":"RECORD","record":{"id":1}}\n', 'INPUT_MESSAGE_INVALID', {}],
    ['a stream that is a number', '{"type":"RECORD","stream":1,"record":{"id":1}}\n', 'INPUT_MESSAGE_INVALID', {}],
    ['a record that is not closed', '{"type":"RECORD","stream":"orders","record":{"id":1}\n', 'INPUT_NOT_JSON', {}],
    ['a value that is not closed', line('{"id":1,"name":"a}'), 'INPUT_NOT_JSON', {}],
    ['a comma too many', line('{"id":1,}'), 'INPUT_NOT_JSON', {}],
    ['bad JSON in an ignored property', line('{"id":1,"x":{"y":01}}'), 'INPUT_NOT_JSON', {}],
    ['bad JSON behind the record', `${good.slice(0, -2)},"x":tru}\n`, 'INPUT_NOT_JSON', {}],
    ['something after the message', `${good.slice(0, -1)} x\n`, 'INPUT_NOT_JSON', {}],
    ['a type that comes twice', `${good.slice(0, -2)},"type":"RECORD"}\n`, 'INPUT_MESSAGE_INVALID', {}],
    ['a stream that comes twice', `${good.slice(0, -2)},"stream":"orders"}\n`, 'INPUT_MESSAGE_INVALID', {}],
    ['a record that comes twice', `${good.slice(0, -2)},"record":{}}\n`, 'INPUT_MESSAGE_INVALID', {}],
    ['half of a surrogate pair', line('{"id":1,"name":"\\ud800"}'), 'INPUT_VALUE_INVALID', { column: 'name' }],
  ])('with %s ends the run, after the rows before it', (_, bad, code, context) => {
    // as the first line, where the encoder knows no header yet, and later, where it does
    const offset = (good + good).length + 1;
    expect(failure(`${good}\n${good}${bad}${good}`)).toMatchObject({ rows: 2, code, offset, linesBefore: 3 });
    expect(failure(bad + good)).toMatchObject({ rows: 0, code, context, offset: 0, linesBefore: 0 });
  });

  it('whose keys are in a nested object names the whole path', () => {
    const given = version({ columns: [column('o.id', 'bigint')] });
    expect(failure(line('{"o":{}}'), given)).toMatchObject({ code: 'INPUT_KEY_MISSING', context: { column: 'o.id' } });
    expect(failure(line('{"o":null}'), given)).toMatchObject({
      code: 'INPUT_KEY_MISSING',
      context: { column: 'o.id' },
    });
  });

  it('may be one that is not UTF-8', () => {
    const bad = (record: string) => Buffer.from(line(record), 'latin1');
    const bytes = Buffer.concat([
      Buffer.from(line('{"id":1,"name":"é"}')),
      bad('{"id":2,"name":"\xe9"}'),
      Buffer.from(good),
    ]);
    expect(failure(bytes)).toMatchObject({ rows: 1, code: 'INPUT_NOT_JSON', linesBefore: 1 });
    expect(failure(bad('{"id":2,"ignored":"\xed\xa0\x80"}'))).toMatchObject({ rows: 0, code: 'INPUT_NOT_JSON' });
  });

  it('leaves no trace in what was encoded before it', () => {
    const given = version({
      columns: [column('id', 'bigint'), column('at', 'timestamp')],
      metadata: true,
      deletes: 'soft',
    });
    const bad = '{"type":"RECORD","stream":"orders","record":{"id":2,"_sdc_deleted_at":"2024-01-01"},"version":"x"}\n';
    const [{ segments }] = encode([given], chunk(line('{"id":1,"at":null}') + bad)) as [RangeResult];
    expect(segments).toHaveLength(1);
    expect(segments[0]).toMatchObject({ rows: 1, absent: [], hasDeletes: false });
  });

  it('never puts a value into the message but a key', () => {
    const secret = 's3cr3t';
    for (const bad of [line(`{"id":1,"name":["${secret}"]}`), line(`{"id":1,"name":"${secret}`)])
      expect(JSON.stringify(failure(bad))).not.toContain(secret);
    expect(failure(line('{"id":"k-1"}'))?.detail).toBe(
      'found a string where the schema says integer (the key is "k-1")',
    );
  });

  it.each([
    ['a long number', '1'.repeat(500), `${'1'.repeat(80)}…`],
    ['a long text', `"${'é'.repeat(500)}"`, `"${'é'.repeat(79)}…`],
    ['escapes', '"\\u001b[2J"', '"\\u001b[2J"'],
    ['characters that a terminal obeys', '"\u202e\u0085"', '"\\u202e\\u0085"'],
  ])('shows of a key with %s no more than one line can hold', (_, key, shown) => {
    expect(failure(line(`{"id":${key}}`))?.detail).toContain(`(the key is ${shown})`);
  });
});

describe('the record that an error is about', () => {
  const two = version({
    columns: [column('id', 'bigint'), column('o.line no', 'string'), column('qty', 'bigint'), column('p.a', 'bigint')],
    keys: [0, 1],
  });
  const recordOf = (record: string, given = two) => failure(line(record), given).context?.record;

  it('is named by its keys, flattened ones among them', () => {
    expect(recordOf('{"id":17,"name":7}', version())).toBe('id=17');
    expect(recordOf('{"qty":"x","id":17,"o":{"line no":"b"}}')).toBe('id=17 and "o.line no"="b"');
  });

  it('is named by the keys that could be read', () => {
    expect(recordOf('{"id":17,"p":7,"o":{"line no":"b"}}')).toBe('id=17');
    expect(recordOf('{"p":7,"id":17,"o":{"line no":"b"}}')).toBeUndefined();
    expect(recordOf('{"id":17,"o":{}}')).toBe('id=17');
  });

  it('is not named twice by a key that the message shows', () => {
    expect(recordOf('{"id":"k-1","name":"a"}', version())).toBeUndefined();
    expect(recordOf('{"id":"k-1","o":{"line no":"b"}}')).toBe('"o.line no"="b"');
  });

  it('is not named where the stream has no keys', () => {
    expect(recordOf('{"id":17,"name":7}', version({ keys: [] }))).toBeUndefined();
  });

  it('is named on one line, by no more than a few short keys', () => {
    const columns = [...'abcdefg'].map((name) => column(name, 'string'));
    const many = version({ columns: [...columns, column('qty', 'bigint')], keys: [0, 1, 2, 3, 4, 5, 6] });
    const given = Object.fromEntries([...'abcdefg'].map((name) => [name, name === 'a' ? 'é'.repeat(500) : '\u202e']));
    expect(recordOf(JSON.stringify({ ...given, qty: 'x' }), many)).toBe(
      `a="${'é'.repeat(79)}… and b="\\u202e" and c="\\u202e" and d="\\u202e" and e="\\u202e" and 2 more`,
    );
  });
});
