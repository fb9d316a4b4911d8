// What a case of the destination suite says, and the short words for its messages.

/** One message of a tap as a line of text, `stream` being the case's own name for a stream. */
export interface Message {
  readonly stream: string | undefined;
  /** @param name what the stream goes by in this run */
  line(name: string): string;
}

type Properties = Readonly<Record<string, unknown>>;

/** Objects are written by JSON.stringify, text is JSON as it stands: numbers keep their digits. */
type Json = string | object;
const jsonText = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));

const message = (stream: string, members: (name: string) => string): Message => ({ stream, line: members });

/** @param schema properties, or a whole JSON Schema when it has `properties` itself */
export function schema(stream: string, schema: Properties, keys: readonly string[] = ['id']): Message {
  const whole = 'properties' in schema ? schema : { type: 'object', properties: schema };
  return message(stream, (name) =>
    JSON.stringify({ type: 'SCHEMA', stream: name, schema: whole, key_properties: keys }),
  );
}

/** A SCHEMA message with these members, and no others. */
export const schemaOf = (stream: string, members: object): Message =>
  message(stream, (name) => JSON.stringify({ type: 'SCHEMA', stream: name, ...members }));

/** @param more further members of the message, such as `{ version: 2 }` */
export function record(stream: string, record: Json, more: object = {}): Message {
  return message(stream, (name) => {
    const rest = JSON.stringify({ ...more, stream: name }).slice(1);
    return `{"type":"RECORD","record":${jsonText(record)},${rest}`;
  });
}

export const records = (stream: string, ...all: readonly Json[]): Message[] => all.map((one) => record(stream, one));

export const activate = (stream: string, version: number): Message =>
  message(stream, (name) => JSON.stringify({ type: 'ACTIVATE_VERSION', stream: name, version }));

/** A stream `a` with a key and one further column, whose values are JSON as it stands. */
export const valued = (type: object): Message => schema('a', { id: { type: 'integer' }, v: type });
export const value = (id: number, v: string): Message => record('a', `{"id":${id},"v":${v}}`);

export const state = (value: unknown): Message => ({
  stream: undefined,
  line: () => JSON.stringify({ type: 'STATE', value }),
});

/**
 * Types in Spark's words. A value is the column's text: times to the last digit that is not 0 (`<now>` for those of the
 * test itself), doubles as short as they go.
 */
export interface ExpectedTable {
  /** All of the table's columns; of `_sdc_` ones those that are named. Dated columns are called `name_<dated>`. */
  readonly columns: Readonly<Record<string, string>>;
  /** In any order. */
  readonly rows: readonly (readonly (string | number | boolean | null)[])[];
}

/** What ends the last run. */
interface ExpectedError {
  readonly code: string;
  readonly stream?: string;
  readonly column?: string;
}

export interface SuiteCase {
  readonly name: string;
  /** Options of the target beside those that lead to the destination. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** What the tap writes, run by run, into the same tables. */
  readonly runs: readonly (readonly Message[])[];
  /** All tables after the last run, by the case's names of its streams; with `ownNames` by their names in the warehouse. */
  readonly tables: Readonly<Record<string, ExpectedTable>>;
  readonly error?: ExpectedError;
  /** Over all runs: `stream.column` → values that did not arrive exactly as sent, `stream` → records set aside. */
  readonly inexact?: Readonly<Record<string, number>>;
  /** Values of nested columns with date-times in them that were cut to microseconds. */
  readonly cut?: Readonly<Record<string, number>>;
  readonly nulled?: Readonly<Record<string, number>>;
  /** Values of text columns that were no strings. */
  readonly asText?: Readonly<Record<string, number>>;
  readonly setAside?: Readonly<Record<string, number>>;
  /** Where other cases tell enough of the lakehouse, which is slow. */
  readonly only?: 'duckdb';
  /** Streams keep the case's own names: names are what is tested. */
  readonly ownNames?: boolean;
}

export const text = { type: ['null', 'string'] };
export const integer = { type: ['null', 'integer'] };
export const number = { type: ['null', 'number'] };
export const dateTime = { type: ['null', 'string'], format: 'date-time' };
export const date = { type: ['null', 'string'], format: 'date' };

/** Key `id`, text `name`. */
export const people = { id: { type: 'integer' }, name: text };
export const peopleColumns = { id: 'BIGINT', name: 'STRING' };

/** Each record is a batch of its own; how many of them a load takes is left to chance. */
export const oneByOne = { batch_size_rows: 1 };

/**
 * A history of records, told in three ways that must end alike: all in one batch, each record in a batch of its own, and
 * each in a run of its own, where the messages of `before` come first each time. The lakehouse is told the first, and the
 * last where `runs` says so.
 */
export function threeWays(
  { name, options = {}, tables }: Pick<SuiteCase, 'name' | 'options' | 'tables'>,
  before: readonly Message[],
  history: readonly Message[],
  runs: 'in both' | 'in DuckDB' = 'in DuckDB',
): SuiteCase[] {
  const runByRun = { name: `${name}, across runs`, options, runs: history.map((one) => [...before, one]), tables };
  return [
    { name: `${name}, within a batch`, options, runs: [[...before, ...history]], tables },
    {
      name: `${name}, across batches`,
      options: { ...options, ...oneByOne },
      runs: [[...before, ...history]],
      tables,
      only: 'duckdb',
    },
    runs === 'in both' ? runByRun : { ...runByRun, only: 'duckdb' },
  ];
}
