// JSON text → a tree that loses nothing: numbers keep their source text, objects every member in its order.
// A plain recursive descent over the grammar of RFC 8259, written to be read, not to be fast.

interface Spelled {
  /** The source text of the value, to the character. */
  readonly source: string;
}

export type Json =
  | (Spelled & { readonly kind: 'null' })
  | (Spelled & { readonly kind: 'boolean'; readonly value: boolean })
  | (Spelled & { readonly kind: 'number' })
  | (Spelled & { readonly kind: 'string'; readonly value: string })
  | (Spelled & { readonly kind: 'array'; readonly items: readonly Json[] })
  | (Spelled & { readonly kind: 'object'; readonly members: readonly (readonly [string, Json])[] });

export type JsonObject = Extract<Json, { kind: 'object' }>;

/** @throws SyntaxError for anything that is not one JSON text. */
export function parseLossless(text: string): Json {
  const reader = new Reader(text);
  const value = reader.value();
  reader.space();
  if (reader.at < text.length) throw new SyntaxError('something after the value');
  return value;
}

/** The last member of that name, as JSON.parse has it. */
export const member = (object: JsonObject, name: string): Json | undefined =>
  object.members.findLast(([key]) => key === name)?.[1];

class Reader {
  at = 0;
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  space(): void {
    this.match(/[ \t\r\n]*/y);
  }

  value(): Json {
    this.space();
    const start = this.at;
    const json = this.unspelled();
    return { ...json, source: this.text.slice(start, this.at) } as Json;
  }

  private unspelled() {
    switch (this.text[this.at]) {
      case '{':
        return this.object();
      case '[':
        return this.array();
      case '"':
        return { kind: 'string', value: this.string() };
      case 't':
      case 'f':
        return { kind: 'boolean', value: this.expect(/true|false/y) === 'true' };
      case 'n':
        this.expect(/null/y);
        return { kind: 'null' };
      default:
        this.expect(/-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y);
        return { kind: 'number' };
    }
  }

  private object() {
    const members: [string, Json][] = [];
    this.expect(/\{/y);
    this.space();
    while (!this.match(/\}/y)) {
      if (members.length > 0) this.expect(/,/y);
      this.space();
      const key = this.string();
      this.space();
      this.expect(/:/y);
      members.push([key, this.value()]);
      this.space();
    }
    return { kind: 'object', members };
  }

  private array() {
    const items: Json[] = [];
    this.expect(/\[/y);
    this.space();
    while (!this.match(/\]/y)) {
      if (items.length > 0) this.expect(/,/y);
      items.push(this.value());
      this.space();
    }
    return { kind: 'array', items };
  }

  private string(): string {
    this.expect(/"/y);
    let value = '';
    for (;;) {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: the grammar forbids just these
      value += this.match(/[^"\\\u0000-\u001f]+/y) ?? '';
      if (this.match(/"/y)) return value;
      const escaped = this.expect(/\\(u[0-9a-fA-F]{4}|["\\/bfnrt])/y);
      value += escaped[1] === 'u' ? String.fromCharCode(Number.parseInt(escaped.slice(2), 16)) : simple[escaped[1]!];
    }
  }

  private expect(token: RegExp): string {
    const found = this.match(token);
    if (found === undefined) throw new SyntaxError(`unexpected text at ${this.at}`);
    return found;
  }

  private match(token: RegExp): string | undefined {
    token.lastIndex = this.at;
    const found = token.exec(this.text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }
}

const simple: Record<string, string> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};
