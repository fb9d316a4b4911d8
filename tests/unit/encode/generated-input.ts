// Arbitrary stream versions and lines of records for them, in every spelling that JSON allows, and now and then wrong.
import fc from 'fast-check';
import { asText, type Column, type ColumnType, jsonKind, type StreamVersion } from '../../../src/schema/model.ts';
import { anyDoc, dates, decimals, integers, numbers, texts, timestamps } from './generated-values.ts';
import { Dice, type Doc, spell } from './spelling.ts';

const { number, boolean, string, structure } = jsonKind;
const any = number | boolean | string | structure;

const columnType: fc.Arbitrary<Pick<Column, 'type' | 'accepts'>> = fc.constantFrom(
  { type: { kind: 'bigint' }, accepts: number },
  { type: { kind: 'bigint' }, accepts: number },
  { type: { kind: 'double' }, accepts: number },
  { type: { kind: 'double' }, accepts: number | string },
  { type: { kind: 'decimal', precision: 38, scale: 9 }, accepts: number },
  { type: { kind: 'decimal', precision: 5, scale: 2 }, accepts: number | string },
  { type: { kind: 'decimal', precision: 5, scale: 5 }, accepts: number },
  { type: { kind: 'decimal', precision: 18, scale: 4 }, accepts: number },
  { type: { kind: 'decimal', precision: 20, scale: 0 }, accepts: string },
  { type: { kind: 'string' }, accepts: string },
  { type: { kind: 'string' }, accepts: string | asText },
  { type: { kind: 'string' }, accepts: string | asText },
  { type: { kind: 'string' }, accepts: number | string },
  { type: { kind: 'string' }, accepts: number | boolean | string },
  { type: { kind: 'boolean' }, accepts: boolean },
  { type: { kind: 'timestamp' }, accepts: string },
  { type: { kind: 'timestamp' }, accepts: string },
  { type: { kind: 'date' }, accepts: string },
  { type: { kind: 'json' }, accepts: any },
);

const leafName = fc.constantFrom('id', 'a', 'b', 'ab', 'Ä', '"q\\', '', '😀', '__proto__', 'x y', 'type', 'record');
const path = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(leafName) },
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom('o', 'p'), leafName) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('o'), fc.constant('inner'), leafName) },
);

const STREAMS = ['orders', 'übers"icht', 'x\\u0041'] as const;

/** Of any of the streams; ids rise from 0 in the array. */
export const streamVersions: fc.Arbitrary<StreamVersion[]> = fc
  .array(
    fc.record({
      stream: fc.constantFrom(...STREAMS, 'orders'),
      columns: fc.uniqueArray(fc.tuple(path, columnType), {
        selector: ([names]) => JSON.stringify(names),
        minLength: 1,
        maxLength: 7,
      }),
      keyChoice: fc.array(fc.nat(), { maxLength: 2 }),
      mode: fc.constantFrom<[boolean, StreamVersion['deletes']]>(
        [false, 'ignore'],
        [true, 'soft'],
        [true, 'hard'],
        [true, 'ignore'],
        [false, 'hard'],
      ),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((versions) =>
    versions.map(({ stream, columns, keyChoice, mode: [metadata, deletes] }, id) => {
      const possible = columns.flatMap(([, { type }], index) => (type.kind === 'json' ? [] : [index]));
      const keys = possible.length > 0 ? keyChoice.map((n) => possible[n % possible.length]!) : [];
      return {
        id,
        stream,
        table: { schema: 's', table: `t${id}` },
        columns: columns.map(([names, rest], index) => ({ path: names, name: `c${index}`, ...rest })),
        keys: [...new Set(keys)],
        metadata,
        deletes,
      };
    }),
  );

/** Half of a surrogate pair: JSON can spell it, UTF-8 can't. */
const halfPair = fc.constantFrom('\ud800', '\udc00 ', '\udc00\ud800').map((text): Doc => ({ text }));

const quoted = (text: string): Doc => ({ text });
const asRaw = (raw: string): Doc => ({ raw });

const notNull = anyDoc.filter((doc) => !('raw' in doc && doc.raw === 'null'));

/** Mostly values that the column takes: a few lie at an edge that only the oracle judges. */
function valueFor({ type, accepts }: Column): fc.Arbitrary<Doc> {
  const raw = (kind: ColumnType['kind'], scalars: fc.Arbitrary<string>) =>
    fc.oneof(
      ...(accepts & number ? [scalars.map(asRaw)] : []),
      ...(accepts & string ? [(kind === 'string' ? texts : scalars).map(quoted)] : []),
      ...(accepts & boolean ? [fc.constantFrom('true', 'false').map(asRaw)] : []),
    );
  switch (type.kind) {
    case 'bigint':
      return raw('bigint', integers);
    case 'double':
      return raw('double', numbers);
    case 'decimal':
      return raw('decimal', decimals(type.scale, type.precision));
    case 'string':
      return accepts & asText
        ? fc.oneof({ weight: 4, arbitrary: texts.map(quoted) }, { weight: 1, arbitrary: notNull })
        : raw('string', numbers);
    case 'boolean':
      return fc.constantFrom('true', 'false').map(asRaw);
    case 'timestamp':
      return timestamps.map(quoted);
    case 'date':
      return fc
        .oneof(
          dates,
          dates.map((date) => `${date}T00:00:00Z`),
        )
        .map(quoted);
    case 'json':
      return notNull;
    default:
      throw new Error('nested columns have a generator of their own');
  }
}

const NULL: Doc = { raw: 'null' };

/** One line, without its line feed. */
export function lineOf(version: StreamVersion): fc.Arbitrary<string> {
  const values = version.columns.map((column, index) =>
    version.keys.includes(index)
      ? valueFor(column)
      : fc.oneof(
          { weight: 8, arbitrary: valueFor(column) },
          { weight: 1, arbitrary: fc.constant(NULL) },
          { weight: 1, arbitrary: fc.constant(undefined) },
        ),
  );
  return fc
    .record({
      values: fc.tuple(...values),
      extra: fc.array(
        fc.tuple(
          texts.map((text) => `extra ${text}`),
          anyDoc,
        ),
        { maxLength: 2 },
      ),
      deleted: fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, timestamps.map(quoted), fc.constant(NULL)),
      header: fc.subarray<[string, Doc]>([
        ['time_extracted', { text: '2024-01-01T00:00:00.123Z' }],
        ['version', { raw: '1700000000000' }],
        ['source', { items: [NULL] }],
      ]),
      wrong: fc.oneof(
        { weight: 80, arbitrary: fc.constant(undefined) },
        fc.tuple(fc.nat(), fc.oneof(anyDoc, halfPair)),
      ),
      seed: fc.oneof(fc.constant(0), fc.nat()),
    })
    .map(({ values: docs, extra, deleted, header, wrong, seed }) => {
      const dice = new Dice(seed);
      const members: [readonly string[], Doc][] = version.columns.flatMap(({ path: names }, index) =>
        docs[index] === undefined ? [] : [[names, docs[index]]],
      );
      const parent = version.columns.find(({ path: names }) => names.length > 1)?.path.slice(0, -1);
      if (parent && dice.oneIn(15)) members.push([parent, NULL]);
      if (wrong) members.push([version.columns[wrong[0] % version.columns.length]!.path, wrong[1]]);
      // twice: the last counts
      if (dice.oneIn(8) && members.length > 0) members.unshift([dice.pick(members)[0], dice.pick(members)[1]]);
      members.push(...extra.map(([name, doc]): [string[], Doc] => [[name], doc]));
      if (deleted) members.push([['_sdc_deleted_at'], deleted]);
      const record = tree(dice.oneIn(3) ? dice.shuffled(members) : members, dice);
      return spell({ members: message(version.stream, record, header, dice) }, dice);
    });
}

type Members = readonly (readonly [string, Doc])[];

/** In the order of most taps, or in another that comes again, or in any; now and then a part comes twice. */
function message(streamName: string, record: Doc, header: Members, dice: Dice): Members {
  const type = ['type', { text: 'RECORD' }] as const;
  const stream = ['stream', { text: streamName }] as const;
  const body = ['record', record] as const;
  const orders: Members[] = [
    [type, stream, body, ...header],
    [type, stream, body, ...header],
    [type, stream, ...header, body],
    [...header, type, body, stream],
    dice.shuffled([type, stream, body, ...header]),
  ];
  const members = dice.pick(orders);
  return dice.oneIn(100) ? [...members, dice.pick([type, stream, body])] : members;
}

interface Node {
  readonly name: string;
  readonly doc: Doc | readonly (readonly [readonly string[], Doc])[];
}

/** Members by path → nested objects: now and then two of one name, of which the last counts. */
function tree(members: readonly (readonly [readonly string[], Doc])[], dice: Dice): Doc {
  const nodes: Node[] = [];
  for (const [[name, ...rest], doc] of members) {
    if (rest.length === 0) {
      nodes.push({ name: name!, doc });
      continue;
    }
    const last = nodes.findLast((node) => node.name === name);
    const open = last && Array.isArray(last.doc) && !dice.oneIn(12) ? last.doc : undefined;
    if (open) open.push([rest, doc]);
    else nodes.push({ name: name!, doc: [[rest, doc]] });
  }
  return { members: nodes.map(({ name, doc }) => [name, Array.isArray(doc) ? tree(doc, dice) : (doc as Doc)]) };
}
