import { expect, test } from 'vitest';
import { s3Reason } from '../../../src/aws/s3-errors.ts';
import { Secrets } from '../../../src/errors/secrets.ts';

test('the end of a long text is cut off in time that grows with its length', () => {
  const message = `no${'. '.repeat(80_000)}`;
  expect(s3Reason({ name: 'Refused', message }, new Secrets())).toBe('Refused: no');
  expect(s3Reason({ name: 'Refused', message: `${'. '.repeat(80_000)}x` }, new Secrets())).toBe('Refused:');
});

test('nothing of a secret stays where a long text is cut', () => {
  const secret = 'a-secret-that-is-rather-long';
  for (const at of [8192 - 20, 8192 - 4, 8192]) {
    const shown = s3Reason({ message: `${'x'.repeat(at)}${secret}` }, new Secrets([secret]));
    expect(shown).not.toContain('a-se');
  }
});
