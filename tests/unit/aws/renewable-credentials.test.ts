import { expect, test } from 'vitest';
import { renewable } from '../../../src/aws/renewable-credentials.ts';
import { Secrets } from '../../../src/errors/secrets.ts';

type Provider = Extract<Parameters<typeof renewable>[0], (...options: never[]) => unknown>;

/** Gives key 1, 2, … and keeps with what it was asked. */
function issuer(validMs: number | undefined) {
  const asked: unknown[] = [];
  const secrets = new Secrets();
  const given: Provider = async (options) => {
    asked.push(options?.forceRefresh);
    const expiration = validMs === undefined ? {} : { expiration: new Date(Date.now() + validMs) };
    return { accessKeyId: `${asked.length}`, secretAccessKey: `secret-${asked.length}`, ...expiration };
  };
  const { credentials, renew } = renewable(given, secrets);
  return { asked, renew, secrets, key: async () => (await (credentials as Provider)()).accessKeyId };
}

test('are held as long as they are good', async () => {
  const { asked, key } = issuer(3_600_000);
  expect([await key(), await key(), await key()]).toEqual(['1', '1', '1']);
  expect(asked).toEqual([false]);
});

test('are renewed before they expire', async () => {
  const { key } = issuer(60_000);
  expect([await key(), await key()]).toEqual(['1', '2']);
});

test('are renewed when S3 says that they have expired, past any cache', async () => {
  const { asked, key, renew } = issuer(undefined);
  await key();
  expect(renew()).toBe(true);
  expect([await key(), await key()]).toEqual(['2', '2']);
  expect(asked).toEqual([false, true]);
});

test('that are plain keys can’t be renewed', () => {
  const keys = { accessKeyId: 'a', secretAccessKey: 's' };
  const { credentials, renew } = renewable(keys, new Secrets());
  expect(credentials).toBe(keys);
  expect(renew()).toBe(false);
});

test('are secrets from when they are given, at each renewal again', async () => {
  const { secrets, key, renew } = issuer(undefined);
  const text = 'secret-1 secret-2';
  await key();
  expect(secrets.redact(text)).toBe('*** secret-2');
  renew();
  await key();
  expect(secrets.redact(text)).toBe('*** ***');
});

test('a short id is a word of any text, and stays', () => {
  const secrets = new Secrets();
  renewable({ accessKeyId: 'minio', secretAccessKey: 'long-secret', sessionToken: 'long-token' }, secrets);
  renewable({ accessKeyId: 'AKIA0123456789ABCDEF', secretAccessKey: 'other-secret' }, secrets);
  expect(secrets.redact('minio AKIA0123456789ABCDEF long-secret long-token')).toBe('minio *** *** ***');
});
