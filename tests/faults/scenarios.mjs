// What may go wrong, where and when: the one list that tests/faults runs and that docs/reliability.md shows.
// Plain JavaScript, so that scripts read it without a build.

/** @typedef {'upsert' | 'append-only' | 'overwrite'} LoadMethod */
/** @typedef {'before' | 'during' | 'after'} Instant of the commit, or what comes nearest to it at the seam */

const loadMethods = /** @type {const} */ (['upsert', 'append-only', 'overwrite']);
const instants = /** @type {const} */ (['before', 'during', 'after']);

/**
 * How a run may end: `0` for an end as if nothing had been, other exit codes of signals, or codes of errors. `-9`: killed.
 * @typedef {0 | 130 | 143 | -9 | import('../../src/errors/codes.ts').ErrorCode} End
 */

/** @type {readonly { seam: string, fault: string, action: string, says: string, at?: readonly string[], ends: readonly End[] }[]} */
const duckdbFaults = [
  { seam: 'process', fault: 'kill -9', action: 'kill', says: 'The process is killed', ends: [-9] },
  { seam: 'process', fault: 'SIGTERM', action: 'term', says: 'The process is asked to end', ends: [143, 0] },
  { seam: 'process', fault: 'SIGINT', action: 'int', says: 'Ctrl-C', ends: [130, 0] },
  {
    seam: 'process',
    fault: 'pause',
    action: 'pause',
    says: 'The process is stopped for most of a second, and goes on',
    ends: [0],
  },
  { seam: 'clock', fault: 'a day ahead', action: 'ahead', says: 'The clock jumps', ends: [0] },
  { seam: 'clock', fault: 'a day back', action: 'back', says: 'The clock jumps back', ends: [0] },
  {
    seam: 'stdout',
    fault: 'closed',
    action: 'stdout',
    says: 'Nobody reads the states any more',
    ends: ['STATE_NOT_WRITTEN', 0],
  },
  {
    seam: 'DuckDB',
    fault: 'I/O error',
    action: 'error',
    says: 'A statement fails, or its success is not told',
    ends: ['LOAD_FAILED'],
  },
  { seam: 'tap', fault: 'half a line', action: 'half', says: 'The tap dies within a line', ends: ['INPUT_TRUNCATED'] },
  { seam: 'tap', fault: 'garbage', action: 'garbage', says: 'The tap prints something else', ends: ['INPUT_NOT_JSON'] },
  {
    seam: 'tap',
    fault: 'dies',
    action: 'dies',
    says: 'The tap ends early, between two lines',
    ends: [0, 'OVERWRITE_INCOMPLETE'],
  },
  {
    seam: 'disk',
    fault: 'full stage',
    action: 'stage-full',
    says: 'The disk of temp_dir is full',
    at: ['before', 'during'],
    ends: ['STAGE_DISK_FULL'],
  },
  {
    seam: 'disk',
    fault: 'full database',
    action: 'database-full',
    says: 'The disk of the DuckDB file is full',
    at: ['before', 'during'],
    ends: ['STAGE_DISK_FULL'],
  },
  {
    seam: 'DuckDB',
    fault: 'locked',
    action: 'locked',
    says: 'Another process has the file open',
    at: ['before'],
    ends: ['DESTINATION_BUSY'],
  },
];

/** Instants: the check at the start, the upload of a file, its removal after the commit. */
const s3Faults = [
  { seam: 'S3', fault: '500', action: '500', says: 'InternalError, twice', ends: [0] },
  { seam: 'S3', fault: 'SlowDown', action: 'slowdown', says: 'HTTP 503 SlowDown, twice', ends: [0] },
  { seam: 'S3', fault: 'reset', action: 'reset', says: 'The connection drops before an answer, twice', ends: [0] },
  {
    seam: 'S3',
    fault: 'reset within the request',
    action: 'reset-request',
    says: 'The connection drops while the request is sent',
    ends: [0],
  },
  { seam: 'S3', fault: 'truncated answer', action: 'truncate', says: 'Half of the answer, then a reset', ends: [0] },
  { seam: 'S3', fault: 'lost answer', action: 'lost', says: 'Done, but the answer is lost', ends: [0] },
  { seam: 'S3', fault: 'delay', action: 'delay', says: 'A second before the answer', ends: [0] },
  {
    seam: 'S3',
    fault: 'corrupt upload',
    action: 'corrupt',
    says: 'A bit of an uploaded file is flipped on its way',
    at: ['during'],
    ends: [0, 'STAGE_FAILED', 'LOAD_FAILED'],
  },
  {
    seam: 'S3',
    fault: 'expired credentials',
    action: 'expired',
    says: 'ExpiredToken from now on',
    ends: ['STAGE_AUTH', 0],
  },
  { seam: 'S3', fault: 'down', action: 'down', says: 'Nothing but 500 from now on', ends: ['STAGE_FAILED', 0] },
];

/** Instants: Spark has not got the statement, is at it, has carried it out. `late`: Spark gets it when the client has given up. */
const gatewayFaults = [
  {
    seam: 'gateway',
    fault: 'reset',
    action: 'cut',
    says: "A statement's answer is lost: the connection drops",
    at: [...instants, 'late'],
    ends: [0, 'LOAD_FAILED', 'LOAD_UNANSWERED', 'DESTINATION_UNREACHABLE'],
  },
  {
    seam: 'gateway',
    fault: '504',
    action: 'cut-504',
    says: "A statement's answer is lost: HTTP 504",
    at: [...instants, 'late'],
    ends: [0, 'LOAD_FAILED', 'LOAD_UNANSWERED', 'DESTINATION_UNREACHABLE'],
  },
  {
    seam: 'gateway',
    fault: 'starting',
    action: 'starting',
    says: '503 for two seconds',
    at: ['before', 'during'],
    ends: [0, 'LOAD_FAILED', 'LOAD_UNANSWERED', 'DESTINATION_UNREACHABLE', 'DESTINATION_STARTING'],
  },
  {
    seam: 'gateway',
    fault: 'hang',
    action: 'hang',
    says: 'Three seconds in which requests are taken and never answered',
    at: ['before', 'during'],
    ends: [0, 'DESTINATION_UNREACHABLE'],
  },
  { seam: 'process', fault: 'kill -9', action: 'cut-kill', says: 'The process is killed', ends: [-9] },
  {
    seam: 'process',
    fault: 'SIGTERM',
    action: 'cut-term',
    says: "A statement's answer is lost, and the process is asked to end",
    ends: [143, 0],
  },
];

/** Instants as those of the gateway. */
const restartFaults = [
  {
    seam: 'Spark',
    fault: 'killed and restarted',
    action: 'restart',
    says: 'Spark is killed, and started again',
    ends: [0],
  },
];

const crossed = (destination, faults) =>
  faults.flatMap(({ at = instants, ...fault }) =>
    at.flatMap((instant) =>
      loadMethods.map((loadMethod) => ({
        ...fault,
        destination,
        loadMethod,
        instant,
        name: `${destination}, ${fault.seam}: ${fault.fault}, ${instant === 'late' ? 'late' : `${instant} the commit`}, ${loadMethod}`,
      })),
    ),
  );

export const duckdbScenarios = crossed('duckdb', duckdbFaults);
export const s3Scenarios = crossed('iomete', s3Faults);
export const gatewayScenarios = crossed('iomete', gatewayFaults);
export const restartScenarios = crossed('iomete', restartFaults);
export const scenarios = [...duckdbScenarios, ...s3Scenarios, ...gatewayScenarios, ...restartScenarios];
