// What a mistake of a new user is made of: a run of the real command in a folder of its own, and what the command says.
//
// In texts, FOLDER stands for that folder, LAKE for the port of a lakehouse that only answers with a status, and STORE for
// the port of an S3 that takes everything. Seconds, programs and process IDs are `…`.
import { errorCodes } from '../../../src/errors/codes.ts';

export interface Mistake {
  readonly mistake: string;
  readonly args?: readonly string[];
  /** Beside `duckdb.json`. Objects are written as JSON; null makes a folder. */
  readonly files?: Readonly<Record<string, object | string | Uint8Array | null>>;
  readonly env?: Readonly<Record<string, string>>;
  /** What the tap writes. */
  readonly input?: string | Uint8Array;
  /** SQL that makes `shop.duckdb` beforehand. */
  readonly made?: string;
  /** Another program has `shop.duckdb` open. */
  readonly isHeld?: true;
  /** The status with which the lakehouse answers. */
  readonly answers?: number;
  /** With what S3 answers everything; with nothing when not set. */
  readonly stores?: { readonly status: number; readonly xml: string };
  /** What permissions forbid, root may do. */
  readonly isOpenToRoot?: true;
  readonly exit: number;
  /** Lines of the log, without their time. */
  readonly says: readonly string[];
  readonly prints?: string;
}

export const usual = ['--config', 'duckdb.json'];
/** A bigint is a number with all its digits. */
export const line = (message: object) =>
  `${JSON.stringify(message, (_, value) => (typeof value === 'bigint' ? `${value}n` : value)).replaceAll(/"(\d+)n"/g, '$1')}\n`;
export const schema = (stream: string, keys = ['id']) =>
  line({ type: 'SCHEMA', stream, schema: { properties: { id: { type: 'integer' } } }, key_properties: keys });
export const record = (stream: string) => line({ type: 'RECORD', stream, record: { id: 1 } });
export const unverified = 'WARNING "tls_verify" is false: anybody between here and the lakehouse can read the password';
export const oneRow = schema('items') + record('items');

export const fix = (code: keyof typeof errorCodes) => `${errorCodes[code].fix}.`;
export const error = (code: keyof typeof errorCodes, text: string) => `ERROR ${code}: ${text}. ${fix(code)}`;

/** The lines of a configuration with these problems. */
export function configuration(...problems: readonly string[]): readonly string[] {
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  const listed = problems.map((problem) => `- ${problem}`);
  const last = listed.pop()!;
  const closed = /[.!?]$/.test(last) ? last : `${last}.`;
  return [`ERROR CONFIG_INVALID: ${count} in the configuration:`, ...listed, closed, fix('CONFIG_INVALID')];
}

export const loaded = (file = 'shop.duckdb') => [
  `INFO items goes into main.items in ${file}`,
  'INFO loaded 1 row of items in … s',
  'INFO items: 1 row read, 1 loaded in 1 load',
  'INFO 1 row of 1 stream (0.0 MB) in … s; no state',
];

/** What a lakehouse is to be told; here one that only answers with a status. */
export const lakehouse = {
  host: '127.0.0.1',
  port: 'LAKE',
  tls_verify: false,
  user: 'loader',
  password: 'not-this-one',
  lakehouse: 'main',
  startup_wait_seconds: 0,
  retry_max_seconds: 0,
  s3_bucket: 'stage',
  s3_endpoint_url: 'http://127.0.0.1:STORE',
  s3_region_name: 'us-east-1',
  aws_access_key_id: 'key',
  aws_secret_access_key: 'secret',
  default_target_schema: 'sales',
};
