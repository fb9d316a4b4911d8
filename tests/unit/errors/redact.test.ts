import { expect, test } from 'vitest';
import { redactor } from '../../../src/errors/redact.ts';

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
