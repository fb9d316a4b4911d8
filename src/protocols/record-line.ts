// Where the parts of a record stand in a line of input, as data: encoders on other threads read lines by it.

/** A line that is the record and nothing else. All records of such lines are of one stream. */
export interface BareLine {
  readonly kind: 'bare';
  readonly stream: string;
  /** When all records were extracted: a date-time. */
  readonly extractedAt?: SharedValue | undefined;
  /** The table version that all records have: an integer. */
  readonly version?: SharedValue | undefined;
}

/** What one BATCH message says of all records in its files. */
export interface SharedValue {
  /** The member of the message that says so, for errors. */
  readonly key: string;
  readonly json: string;
}

/**
 * A JSON object that holds a record and says whose it is. Keys may come in any order, and spaces between tokens are
 * allowed. Members that are not named here have no meaning. A member that is null counts as absent.
 *
 * Singer: `{"type":"RECORD","stream":…,"record":{…},"time_extracted":…,"version":…}`.
 * Airbyte: `{"type":"RECORD","record":{"namespace":…,"stream":…,"data":{…},"emitted_at":…}}`, where `envelope` is
 * `record` and `record` is `data`.
 */
export interface MessageLine {
  readonly kind: 'message';
  /** The member by which a line is known to be a record. */
  readonly type: { readonly key: string; readonly value: string };
  /** The member that holds those below. Not set: they stand beside the type. */
  readonly envelope?: string | undefined;
  /** Key of the member with the stream's name, a string. */
  readonly stream: string;
  /** Key of the member with the namespace, a string or null. */
  readonly namespace?: string | undefined;
  /** Key of the member with the record, an object. */
  readonly record: string;
  /** Key of the member that says when the record was extracted: a string with a date-time, or milliseconds since 1970. */
  readonly extractedAt?: { readonly key: string; readonly form: 'date-time' | 'milliseconds' } | undefined;
  /** Key of the member with the table version, an integer. */
  readonly version?: string | undefined;
}

export type RecordLine = BareLine | MessageLine;

/** By which a stream is known within a run. Streams without a namespace are known by their name alone. */
export const streamIdOf = (name: string, namespace: string | undefined): string =>
  namespace === undefined ? name : JSON.stringify([namespace, name]);
