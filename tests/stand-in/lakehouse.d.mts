// The types of lakehouse.mjs, which stays plain JavaScript so that Node 20 runs it without a build.

/** All that a client, a test or an operator needs to know of a lakehouse that is up. */
export interface LakehouseDetails {
  readonly host: string;
  /** Where the gateway listens: TLS and HTTP Basic. */
  readonly port: number;
  readonly httpPath: string;
  readonly dataPlane: string;
  readonly lakehouse: string;
  readonly user: string;
  readonly password: string;
  /** PEM of the certificate that signs the gateway's. */
  readonly caFile: string;
  readonly s3: {
    /** Plain HTTP; buckets are addressed path-style. */
    readonly endpoint: string;
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly region: string;
    /** Exists and is empty at the start. */
    readonly bucket: string;
  };
  /** Plain HTTP: `POST /mode/<GatewayMode>`, `POST /cut` with a {@link Cut} as JSON, `DELETE /cut`, `GET /` for counts; `POST /restart` kills Spark, starts it again on its port, and is answered when it is ready. */
  readonly controlUrl: string;
  /** Spark itself, on loopback: what a gateway forwards to. */
  readonly sparkPort: number;
  /** PKCS #12 of the gateway's certificate and key. */
  readonly tls: { readonly pfxFile: string; readonly passphrase: string };
  /** Holds lakehouse.json, logs and all data; removed at the stop. */
  readonly runDir: string;
  readonly pids: { readonly supervisor: number; readonly spark: number; readonly s3: number };
}

/** `starting` answers 503, `hang` never answers, `reset` drops the connection before the request reaches Spark. */
export type GatewayMode = 'up' | 'starting' | 'hang' | 'reset';

/** An order to lose the answers of some requests. Orders are looked at in the sequence in which they came. */
export interface Cut {
  /**
   * A regular expression (`.` is any character) over the request's Thrift body, in which names of calls, such as
   * `ExecuteStatement`, `GetOperationStatus` or `CloseSession`, and the text of a statement can be read.
   */
  readonly pattern: string;
  /**
   * `before`: Spark never gets the request. `running`: Spark has taken the statement and goes on with it. `after`: Spark
   * has carried it out to its end. `late`: the client is cut off at once, and Spark gets the request `delayMs` later.
   * `refused`: Spark refuses the statement for `reason`, as it does for a user who lacks a right.
   */
  readonly when: 'before' | 'running' | 'after' | 'late' | 'refused';
  /** How many requests, 1 when not set. */
  readonly count?: number;
  /** How many that fit are let through before. */
  readonly skip?: number;
  /** The HTTP status that the client gets, such as 504; a dropped connection when not set. */
  readonly status?: number;
  readonly delayMs?: number;
  /** What Spark says of a statement that is refused. */
  readonly reason?: string;
}

export interface GatewayCounts {
  readonly requests: number;
  readonly unauthorized: number;
  readonly notFound: number;
  readonly unavailable: number;
  readonly upstreamErrors: number;
  /** Requests that a {@link Cut} was made at. */
  readonly cut: number;
}

export interface Gateway {
  readonly port: number;
  readonly controlUrl: string;
  setMode(mode: GatewayMode): void;
  cut(cut: Cut): void;
  /** Forgets the orders that are left. */
  clearCuts(): void;
  counts(): GatewayCounts;
  close(): Promise<void>;
}

export type GatewayOptions = Pick<LakehouseDetails, 'httpPath' | 'user' | 'password' | 'sparkPort' | 'tls'> & {
  /** Kills Spark and starts it again. */
  readonly restart?: () => Promise<void>;
};

/** TLS on a free port of 127.0.0.1 before Spark: Basic auth (401), path (404), and the modes. */
export function openGateway(options: GatewayOptions): Promise<Gateway>;

export interface StartOptions {
  /** Without one: a new temporary directory. With one in which a lakehouse is up: that lakehouse. */
  readonly runDir?: string;
  /** Stop by itself when this process ends, however it ends. */
  readonly stopWithParent: boolean;
  /** Takes lines about slow steps. */
  readonly report: (line: string) => void;
}

/**
 * Builds what is not built yet (about a minute, once), then starts.
 * @throws ToolMissing when Java 17, or Maven for the first build, is not there.
 */
export function startLakehouse(options: StartOptions): Promise<LakehouseDetails>;

/** What is up in a run directory. */
export function readRunning(runDir: string): Promise<LakehouseDetails | undefined>;

/** Stops the lakehouse of that directory and removes the directory. Fine when there is none. */
export function stopLakehouse(runDir: string): Promise<void>;

/** The message says what is missing and how to get it. */
export class ToolMissing extends Error {}
