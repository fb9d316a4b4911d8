// What the row loop says of a call, u32 each: the only place that knows the offsets. The loop writes, the host reads.

export const REPORT_ROWS: u32 = 0;
export const REPORT_OUTPUT_END: u32 = 4;
export const REPORT_LAST_LINE: u32 = 8;
export const REPORT_ANY_ABSENT: u32 = 12;
export const REPORT_ANY_INEXACT: u32 = 16;
/** Why the loop stopped: one of the words below, 0 when nothing was refused. */
export const REPORT_REFUSED: u32 = 20;
/** Of a column that was packed: how many values it has. */
export const REPORT_VALUES: u32 = 24;
export const REPORT_SIZE: u32 = 64;

/** The line is a record of the plan's stream that only the other path can take. */
export const REFUSED_RECORD: u32 = 1;
/** The line is no plain record of the plan's stream. */
export const REFUSED_LINE: u32 = 2;
/** There is no room for even one row. */
export const REFUSED_FOR_ROOM: u32 = 3;
