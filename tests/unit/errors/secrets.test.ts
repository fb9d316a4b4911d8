import { expect, test } from 'vitest';
import { Secrets } from '../../../src/errors/secrets.ts';

const redactor = (secrets: string[], user?: string) => {
  const known = new Secrets(secrets, user);
  return (text: string) => known.redact(text);
};

test('a secret is taken out in every form that a server may repeat', () => {
  const secret = 'pa"ss/wörd+1';
  const redact = redactor([secret, 'token-77', 'abc'], 'me');
  const basic = Buffer.from(`me:${secret}`).toString('base64');
  const text = [secret, encodeURIComponent(secret), JSON.stringify({ secret }), `Basic ${basic}`, 'token-77token-77'];
  expect(text.map(redact)).toEqual(['***', '***', '{"secret":"***"}', 'Basic ***', '******']);
  expect(redact('the alphabet begins with abc')).toBe('the alphabet begins with abc');
});

test('a secret is taken out of HTML, of Base64 and of JSON that escapes what HTML reserves', () => {
  const secret = `a&b<c>d"e'f`;
  const redact = redactor([secret]);
  const json = 'a\\u0026b\\u003cc\\u003ed\\"e\\u0027f';
  const texts = ['a&amp;b&lt;c&gt;d&quot;e&#39;f', Buffer.from(secret).toString('base64'), json];
  expect(texts.map(redact)).toEqual(['***', '***', '***']);
});

test.each([
  ['upper-case hexadecimal of a URL', 'a%2Fb%2Bc%26d%27e%3D'],
  ['lower-case hexadecimal of a URL', 'a%2fb%2bc%26d%27e%3d'],
  ['a URL whose slashes stay', "a/b%2Bc%26d'e%3D"],
  ['HTML with hexadecimal references', 'a/b+c&amp;d&#x27;e='],
  ['HTML with upper-case references', 'a&#x2F;b&#x2B;c&#x26;d&#X27;e='],
  ['HTML with decimal references', 'a&#47;b+c&#38;d&#39;e&#061;'],
  ['HTML with names', 'a/b+c&amp;d&apos;e='],
  ['JSON for pages', 'a/b\\u002Bc\\u0026d\\u0027e\\u003d'],
  ['JSON with escaped slashes', "a\\/b+c&d'e="],
  ['Base64', Buffer.from("a/b+c&d'e=").toString('base64')],
  ['Base64 without padding', Buffer.from("a/b+c&d'e=").toString('base64url')],
])('a secret is taken out in the form of %s', (_form, text) => {
  expect(redactor(["a/b+c&d'e="])(`<${text}>`)).toBe('<***>');
});

test('a secret that is a part of another leaves nothing of the other, whichever came first', () => {
  const secrets = new Secrets(['token-77']);
  secrets.add(['token-77/and-more']);
  expect(secrets.redact('token-77/and-more token-77 token-77%2Fand-more')).toBe('*** *** ***');
});
