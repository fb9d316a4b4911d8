// A NOT NULL column of a table that rows would have no value for → the coded error that names it.
import { type ErrorContext, TargetError } from '../../errors/target-error.ts';

export const requiredColumn = (column: string, context: ErrorContext = {}): TargetError =>
  new TargetError(
    'TABLE_COLUMN_REQUIRED',
    "the table's column is NOT NULL, and at least one row would be NULL in it: nothing of this load is in the table",
    { ...context, column },
  );
