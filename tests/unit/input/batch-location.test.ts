import { describe, expect, it } from 'vitest';
import { batchLocation } from '../../../src/input/batch-location.ts';

const paths = (name: string) => {
  const location = batchLocation(name);
  return location.kind === 'local' ? location.paths : undefined;
};

describe('a file of a manifest', () => {
  it.each([
    ['file:///tmp/a.json.gz', ['/tmp/a.json.gz']],
    ['file:///tmp/100% a.json', ['/tmp/100% a.json']],
    ['file:///tmp/a%20b.json', ['/tmp/a%20b.json', '/tmp/a b.json']],
    ['file://batches/a.json', ['batches/a.json']],
    ['file:/tmp/a.json', ['/tmp/a.json']],
    ['file://localhost/tmp/a', ['localhost/tmp/a', '/tmp/a']],
    ['/tmp/a.json', ['/tmp/a.json']],
    ['batches/a%20b.json', ['batches/a%20b.json']],
    ['2024-02-29T12:00:00.json', ['2024-02-29T12:00:00.json']],
  ])('%s may be at %j', (name, expected) => {
    expect(paths(name)).toEqual(expected);
  });

  it.each(['s3', 's3a', 'S3'])('may be an object of %s://, its key as it stands', (scheme) => {
    const name = `${scheme}://bucket/a b/%20=1.parquet`;
    expect(batchLocation(name)).toEqual({ kind: 's3', bucket: 'bucket', key: 'a b/%20=1.parquet' });
  });

  it.each(['https://b.s3.amazonaws.com/k?X-Amz-Signature=secret', 'gs://bucket/key', 's3://bucket', 's3:key'])(
    'can not be %s',
    (name) => {
      const refused = expect.objectContaining({ code: 'INPUT_BATCH_FILE', context: { file: name.split('?')[0] } });
      expect(() => batchLocation(name)).toThrow(refused);
    },
  );
});
