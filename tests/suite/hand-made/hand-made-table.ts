// What a hand-made table is: the statements that make it, the stream that belongs to it, and what its loads must do.
import { integer, text } from '../suite-case.ts';

/** `same`: nothing new; `column`: a new property; `wider`: a wider type; `another`: another type. */
export const changes = ['same', 'column', 'wider', 'another'] as const;
type Change = (typeof changes)[number];

export const methods = ['upsert', 'append-only', 'overwrite'] as const;
type Method = (typeof methods)[number];

/** A property's JSON Schema, and the value that each record has. */
export type Sent = readonly [schema: object, value: unknown];
export type Properties = Readonly<Record<string, Sent>>;

export interface Expectation {
  /** `either`: a load that is right, or a coded error that leaves the table as it was. */
  readonly outcome: 'loads' | 'refused' | 'either';
  /** True where only the rows tell that they are refused: new columns may be there by then. */
  readonly isLate?: boolean;
  /** What the error must name, where there is one. */
  readonly column?: string;
  /** True where the error must name the table, as no column is the cause. */
  readonly isOfTable?: boolean;
  /** The table's columns that have to be kept under a dated name; `maybe` where a change in place is right as well. */
  readonly dated?: readonly string[] | 'maybe';
}

export type Expectations = Readonly<Partial<Record<Change | `${Change} ${Method}`, Expectation>>>;

export interface HandMadeTable {
  /** A clause that follows "a table". */
  readonly name: string;
  /** `$t` is the table, `$t_more` another one that is its own, `$d` a folder of its own. A `SET` holds for what follows. */
  readonly make: readonly string[];
  /** The key properties, with their values in the records; `id` 2 and 10 when it is not set. */
  readonly keys?: Readonly<Record<string, Sent>>;
  /** One set of keys a record. */
  readonly records?: readonly Readonly<Record<string, unknown>>[];
  /** What the stream has whatever is changed. */
  readonly stream: Properties;
  /** A property `more` when it is not set. */
  readonly column?: Properties;
  /** An INT column `n` gets a BIGINT when it is not set. */
  readonly wider?: Properties;
  /** A BIGINT column `v` gets text when it is not set. */
  readonly another?: Properties;
  /** By change, or by change and method: `'another overwrite'`. What is not named loads, and `another` keeps its column dated. */
  readonly expect?: Expectations;
  /** Of properties whose column is another one than names tell. */
  readonly columns?: Readonly<Record<string, string>>;
  /** Properties whose numbers a load that succeeds may round to the nearest double. */
  readonly approximate?: readonly string[];
  readonly options?: Readonly<Record<string, string | number | boolean>>;
  /** A load that goes wrong may leave all tables beside this one unreadable. */
  readonly isAlone?: boolean;
  /** Rows that an upsert may make of the record of a key that the table has more than once. */
  readonly repeatedKey?: boolean;
}

export interface Cell {
  readonly table: HandMadeTable;
  readonly change: Change;
  readonly method: Method;
  /** The stream's name, and the table's. */
  readonly id: string;
}

export const loads: Expectation = { outcome: 'loads' };
export const refused = (column?: string): Expectation => ({ outcome: 'refused', ...(column && { column }) });
/** For what stands in the rows. */
export const rowsRefused = (column?: string): Expectation => ({ ...refused(column), isLate: true, dated: 'maybe' });
/** A coded error, or a load with what is given. */
export const either = (more: Omit<Expectation, 'outcome'> = {}): Expectation => ({ outcome: 'either', ...more });
/** A load that keeps these columns under dated names. */
export const dated = (...columns: readonly string[]): Expectation => ({ outcome: 'loads', dated: columns });

/** The same for each change. */
export const always = (expectation: Expectation): Expectations =>
  Object.fromEntries(changes.map((change) => [change, expectation]));

const changed: Readonly<Record<Change, Properties>> = {
  same: {},
  column: { more: [text, 'more'] },
  wider: { n: [integer, 3_000_000_000] },
  another: { v: [text, 'word'] },
};

/** What a cell's change brings. */
export const changeOf = ({ table, change }: Cell): Properties =>
  (change === 'same' ? undefined : table[change]) ?? changed[change];

export function expectationOf(cell: Cell): Expectation {
  const { table, change, method } = cell;
  const given = table.expect?.[`${change} ${method}`] ?? table.expect?.[change];
  const columns = Object.keys(changeOf(cell));
  return given ?? (change === 'another' ? dated(...columns) : loads);
}

export const keysOf = ({ keys }: HandMadeTable): Readonly<Record<string, Sent>> => keys ?? { id: [integer, undefined] };

/** The records of a cell, in their order. */
export function recordsOf(cell: Cell): readonly Readonly<Record<string, unknown>>[] {
  const values = Object.entries({ ...cell.table.stream, ...changeOf(cell) }).map(([name, [, value]]) => [name, value]);
  const keys = cell.table.records ?? [{ id: 2 }, { id: 10 }];
  return keys.map((key) => ({ ...Object.fromEntries(values), ...key }));
}

/** What a tap writes: a line each. A bigint is a number of all of its digits. */
export function messagesOf(cell: Cell): readonly string[] {
  const { table, id: stream } = cell;
  const all = Object.entries({ ...keysOf(table), ...table.stream, ...changeOf(cell) });
  const properties = Object.fromEntries(all.map(([name, [schema]]) => [name, schema]));
  const key_properties = Object.keys(keysOf(table));
  const messages = [
    { type: 'SCHEMA', stream, schema: { properties }, key_properties },
    ...recordsOf(cell).map((record) => ({ type: 'RECORD', stream, record })),
    { type: 'STATE', value: stream },
  ];
  return messages.map(jsonText);
}

function jsonText(message: object): string {
  const marked = JSON.stringify(message, (_, value) => (typeof value === 'bigint' ? `bigint:${value}` : value));
  return marked.replaceAll(/"bigint:(-?\d+)"/g, '$1');
}
