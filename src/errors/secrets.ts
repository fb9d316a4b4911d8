// The secrets of a run → what takes them out of a text, in every form in which a server may send them back.

/** Shorter ones are in any text. */
const minLength = 4;

/** Grows while the run gets to know more secrets, such as credentials that were renewed. */
export class Secrets {
  /** Longest first: one may be a part of another. */
  private known: readonly { readonly secret: string; readonly forms: RegExp }[] = [];

  /** @param user whose name stands before the password in Basic authorization */
  constructor(secrets: Iterable<string | undefined> = [], user = '') {
    this.add(secrets, user);
  }

  add(secrets: Iterable<string | undefined>, user = ''): void {
    const added = [...new Set(secrets)].filter((secret) => secret !== undefined && secret.length >= minLength);
    const before = this.known.filter(({ secret }) => !added.includes(secret) || user === '');
    const held = new Set(before.map(({ secret }) => secret));
    const fresh = added.flatMap((secret) =>
      secret === undefined || held.has(secret) ? [] : [{ secret, forms: formsOf(secret, user) }],
    );
    this.known = [...before, ...fresh].sort((one, other) => other.secret.length - one.secret.length);
  }

  redact(text: string): string {
    return this.known.reduce((shown, { forms }) => shown.replace(forms, '***'), text);
  }
}

function formsOf(secret: string, user: string): RegExp {
  const base64 = [`${user}:${secret}`, secret].flatMap((text) => {
    const padded = Buffer.from(text).toString('base64');
    return [padded, padded.replace(/=+$/, ''), Buffer.from(text).toString('base64url')];
  });
  const encodings = [inUrl, inHtml, inJson].map((form) => Array.from(secret, form).join(''));
  return new RegExp([...base64.map(literal), ...encodings, literal(secret)].join('|'), 'gu');
}

/** The alternatives of one character begin differently, so that a search takes no longer than the text is long. */
type Form = (character: string) => string;

const inUrl: Form = (character) => {
  if (/[A-Za-z0-9]/.test(character)) return character;
  const encoded = Array.from(Buffer.from(character), (byte) => `%${anyCase(byte.toString(16).padStart(2, '0'))}`);
  if (character === ' ') return `(?:${encoded.join('')}|\\+| )`;
  return character === '%' ? encoded.join('') : `(?:${encoded.join('')}|${literal(character)})`;
};

const inHtml: Form = (character) => {
  if (/[A-Za-z0-9]/.test(character)) return character;
  const code = character.codePointAt(0)!;
  const named = entities[character] === undefined ? '' : `${entities[character]}|`;
  const entity = `&(?:${named}#0{0,5}${code}|#[xX]0{0,5}${anyCase(code.toString(16))});`;
  return character === '&' ? entity : `(?:${entity}|${literal(character)})`;
};

/** Servers that fear that their JSON is put into a page escape more than JSON needs. */
const inJson: Form = (character) => {
  if (/[A-Za-z0-9]/.test(character)) return character;
  const units = Array.from({ length: character.length }, (_, i) => character.charCodeAt(i).toString(16));
  const unicode = units.map((unit) => `\\\\u${anyCase(unit.padStart(4, '0'))}`).join('');
  const short = JSON.stringify(character).slice(1, -1);
  if (short !== character) return `(?:${unicode}|${literal(short)})`;
  return `(?:${unicode}|${character === '/' ? '\\\\\\/|' : ''}${literal(character)})`;
};

const anyCase = (hex: string): string => hex.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);

const literal = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

const entities: Readonly<Record<string, string>> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": 'apos' };
