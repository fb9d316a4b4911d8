// What SHOW CREATE TABLE prints → the types of the table's columns. Names are quoted there, which DESCRIBE does not do.
import type { TableColumnType } from '../sql/dialect.ts';
import { parseSparkType } from './spark-types.ts';

/** @returns undefined where the text is not what was expected: then nothing is known of the table's structs. */
export function readColumnTypes(statement: string): ReadonlyMap<string, TableColumnType> | undefined {
  const start = /^CREATE (?:EXTERNAL )?TABLE [^\n]*\(\n\s*/.exec(statement);
  if (start === null) return undefined;
  const text = new Cursor(statement, start[0].length);
  const types = new Map<string, TableColumnType>();
  try {
    do {
      const name = text.name();
      text.take(/ /y);
      types.set(name, text.type());
      text.take(/( NOT NULL)?/y);
      text.comment();
    } while (text.next(/,\n\s*/y));
    text.take(/\)\n/y);
    return types;
  } catch (error) {
    if (error instanceof Unexpected) return undefined;
    throw error;
  }
}

class Unexpected extends Error {}

class Cursor {
  private readonly text: string;
  private place: number;

  constructor(text: string, place: number) {
    this.text = text;
    this.place = place;
  }

  /** @param pattern sticky */
  next(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.place;
    const found = pattern.exec(this.text)?.[0];
    this.place += found?.length ?? 0;
    return found;
  }

  take(pattern: RegExp): string {
    const found = this.next(pattern);
    if (found === undefined) throw new Unexpected();
    return found;
  }

  name(): string {
    const name = this.take(/`(?:[^`]|``)+`|\w+/y);
    return name.startsWith('`') ? name.slice(1, -1).replaceAll('``', '`') : name;
  }

  comment(): void {
    this.next(/ COMMENT '(?:\\'|[^'])*'/y);
  }

  type(): TableColumnType {
    if (this.next(/ARRAY</iy)) {
      const element = { type: this.type() };
      this.take(/>/y);
      return { kind: 'array', element };
    }
    if (this.next(/STRUCT</iy)) return this.struct();
    const start = this.place;
    if (this.next(/MAP</iy)) {
      this.type();
      this.take(/, /y);
      this.type();
      this.take(/>/y);
    } else this.take(/INTERVAL \w+(?: TO \w+)?|\w+(?:\(\d+(?:, ?\d+)?\))?/iy);
    return parseSparkType(this.text.slice(start, this.place));
  }

  private struct(): TableColumnType {
    const fields: { name: string; type: TableColumnType }[] = [];
    do {
      const name = this.name();
      this.take(/: /y);
      fields.push({ name, type: this.type() });
      this.take(/( NOT NULL)?/y);
      this.comment();
    } while (this.next(/, /y));
    this.take(/>/y);
    return { kind: 'struct', fields };
  }
}
