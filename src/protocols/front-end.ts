// The contract of a front end: one protocol by which records come in and states go out. A front end is one folder.
import type { TargetError } from '../errors/target-error.ts';
import type { StreamDeclaration } from '../schema/stream-version.ts';
import type { RecordLine } from './record-line.ts';

/**
 * A protocol of messages, one on a line. Records are the bulk of the input: a front end only says where they stand.
 * Encoders on other threads read them by `recordLine`. A front end reads all other messages itself.
 */
export interface FrontEnd {
  /** For messages to users. */
  readonly name: string;
  /** Streams that are known before the first line, in force from then on. Empty when the input declares its streams. */
  readonly streams: readonly StreamDeclaration[];
  readonly recordLine: RecordLine;
  /** Where a state says how far each stream is. Not set: states are all or nothing. */
  readonly bookmarks?: Bookmarks | undefined;
  /** Called once for each run. */
  openFramer(): Framer;
  /** Called once for each run. @param fd file descriptor that takes the states */
  openOutput(fd: number): Output;
}

/**
 * Reads slabs in the order of the input, on the main thread. A slab holds whole lines, and each line ends with a line feed.
 */
export interface Framer {
  /** Lines in the slabs framed so far. */
  readonly lineCount: number;
  /**
   * Ranges of records, and the messages between them, in the order of the lines. A range may hold blank lines.
   * @param bytes a slab; valid until the generator ends
   * @throws TargetError with the number of the line, after everything before that line was given
   */
  frame(bytes: Buffer): Iterable<RecordLines | InputEvent>;
}

/** Where states go. A reader that does not read never holds up the load. */
export interface Output {
  /** @param payload as the `checkpoint` event had it */
  emit(payload: Buffer): void;
  /** @param failed called when nobody will get a state any more */
  onFailure(failed: (error: TargetError) => void): void;
  /** Resolves when the newest state is written. @throws TargetError STATE_NOT_WRITTEN */
  flush(): Promise<void>;
}

/** The parts of a state that speak of one stream each. */
export interface Bookmarks {
  /** By stream. Empty for a state that has none, or whose bookmarks are ambiguous. */
  of(payload: Buffer): ReadonlyMap<string, Bookmark>;
  /** The state with these bookmarks in the place of its own. Streams that it has no bookmark of are added. */
  replace(payload: Buffer, newer: ReadonlyMap<string, Bookmark>): Buffer;
}

export interface Bookmark {
  /** As the source wrote it. */
  readonly value: Uint8Array;
}

/** Whole lines [start, end) of a slab that hold records; blank lines may be among them. */
export interface RecordLines {
  readonly kind: 'records';
  readonly start: number;
  readonly end: number;
}

export interface Place {
  /** 1-based number of the line in the input. */
  readonly line: number;
  /** Offset of the line in its slab. */
  readonly offset: number;
}

/** What a message says that is no record. It is followed after the records before it and before those behind it. */
export type InputEvent = StreamEvent | CheckpointEvent | ExpireEvent | FilesEvent;

/** From here on the records of the stream are as declared. */
export interface StreamEvent extends Place {
  readonly kind: 'stream';
  readonly declaration: StreamDeclaration;
}

/** A state: it may go out when everything before it is durable. */
export interface CheckpointEvent extends Place {
  readonly kind: 'checkpoint';
  /** The only stream that the state speaks of. Not set: it speaks of all. */
  readonly scope?: string | undefined;
  /** What goes out, on one line: the bytes of the tap, less the white space between tokens. */
  readonly payload: Buffer;
}

/** Rows of the stream with a lower table version, or none, are gone at the source: an ACTIVATE_VERSION. */
export interface ExpireEvent extends Place {
  readonly kind: 'expire';
  readonly stream: string;
  readonly below: bigint;
}

/** Files that hold the next records of the stream: a BATCH. */
export interface FilesEvent extends Place {
  readonly kind: 'files';
  readonly stream: string;
  readonly format: FilesFormat;
  /** What the message promises. Parquet compresses within itself, and says so itself. */
  readonly compression: 'gzip' | 'none';
  /** Files as the message names them, in the order of their records. */
  readonly manifest: readonly string[];
  /** The table version that all records have, in digits. */
  readonly version: string | undefined;
  /** The time at which all records were extracted, as JSON text. */
  readonly timeExtracted: string | undefined;
}

export type FilesFormat = 'jsonl' | 'parquet';
