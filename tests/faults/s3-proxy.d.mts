// The types of s3-proxy.mjs, which stays plain JavaScript so that scripts run it in Node 20 without a build.

/**
 * `reset`, `reset-request`: the connection drops before anything is done, or within the request's body. `truncate`, `lost`:
 * it is done, and of the answer comes half, or nothing.
 */
export type S3Trouble =
  | '500'
  | 'slowdown'
  | 'expired'
  | 'reset'
  | 'reset-request'
  | 'truncate'
  | 'lost'
  | 'delay'
  /** One bit of the request's body is another. */
  | 'corrupt';

export interface S3Order {
  readonly trouble: S3Trouble;
  readonly fits: (method: string, path: string) => boolean;
  /** How many requests. */
  readonly count: number;
}

export class S3Proxy {
  static open(endpoint: string): Promise<S3Proxy>;
  get endpoint(): string;
  /** Requests that trouble was made for. */
  readonly troubled: number;
  /** In place of what was ordered before. */
  make(order: S3Order | undefined): void;
  close(): Promise<void>;
}
