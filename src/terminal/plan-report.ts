// Plans of streams → what a person reads, or one JSON object for programs; and the exit code.
import { counted } from '../errors/counted.ts';
import { describeError, errorParts } from '../errors/report.ts';
import type { TargetError } from '../errors/target-error.ts';

/** What is done to a column of a table that is there. */
type Change =
  | { readonly kind: 'add'; readonly column: string; readonly type: string }
  | { readonly kind: 'widen'; readonly column: string; readonly from: string; readonly to: string }
  | { readonly kind: 'rename'; readonly column: string; readonly to: string };

/** As a plan tells it. */
interface Stream {
  readonly stream: string;
  readonly table:
    | { readonly catalog?: string | undefined; readonly schema: string; readonly table: string }
    | undefined;
  readonly loadMethod: string | undefined;
  readonly keys: readonly string[] | undefined;
  readonly plan:
    | {
        readonly action: 'make' | 'change' | 'keep' | 'none';
        readonly changes: readonly Change[];
        readonly statements: readonly string[];
        readonly load: readonly string[];
        readonly unfilled: string | undefined;
        readonly names: readonly { readonly property: readonly string[]; readonly column: string }[];
        readonly discarded: readonly { readonly column: string; readonly of: 'columns' | 'types' }[];
      }
    | undefined;
  readonly error: TargetError | undefined;
}

export interface PlanReport {
  readonly lines: readonly string[];
  /** That of the first error, or 0. */
  readonly exitCode: number;
}

export function planReport(streams: readonly Stream[], format: 'text' | 'json'): PlanReport {
  const exitCode = streams.find(({ error }) => error)?.error?.exitCode ?? 0;
  if (format === 'json')
    return { lines: [JSON.stringify({ ok: exitCode === 0, streams: streams.map(asJson) })], exitCode };
  return { lines: [...streams.flatMap(linesOf), summary(streams)], exitCode };
}

function linesOf(stream: Stream): readonly string[] {
  const { plan, error } = stream;
  const lines = [
    `${stream.stream}: ${headline(stream)}`,
    ...indented(
      (plan?.names ?? []).map(
        ({ property, column }) =>
          `the property ${JSON.stringify(property.join('.'))} is the column ${JSON.stringify(column)}`,
      ),
    ),
    ...indented((plan?.changes ?? []).map(changeText)),
    ...indented(
      (plan?.discarded ?? []).map(
        ({ column, of }) =>
          `values of ${column} are discarded: the table ${of === 'columns' ? 'lacks the column' : 'has another type'}, and "schema_contract" keeps it so`,
      ),
    ),
    ...indented(plan?.unfilled === undefined ? [] : [unfilledText(plan.unfilled)]),
    ...indented((plan?.statements ?? []).map((statement) => `${statement};`)),
    ...indented(
      (plan?.load ?? []).map((statement, index) => `${index === 0 ? '-- what a load does:\n' : ''}${statement};`),
    ),
  ];
  return error ? [...lines, ...indented(describeError(error).split('\n'))] : lines;
}

const indented = (texts: readonly string[]): readonly string[] =>
  texts.flatMap((text) => text.split('\n').map((line) => `  ${line}`));

function headline({ table, plan, loadMethod, keys, error }: Stream): string {
  if (table === undefined) return 'refused';
  const name = [table.catalog, table.schema, table.table].filter((part) => part !== undefined).join('.');
  const how = `${loadMethod}${keys?.length ? ` by ${keys.join(', ')}` : ''}`;
  if (plan === undefined) return `goes into ${name}, ${how}; its columns follow from its records`;
  if (error) return `goes into ${name}, ${how}: refused`;
  return `goes into ${name}, ${how}: ${actions[plan.action]}`;
}

const actions = {
  make: 'the table is made',
  change: 'the table is changed',
  keep: 'the table fits as it is',
  none: 'rows are discarded, as there is no table and "schema_contract" makes none',
} as const;

function changeText(change: Change): string {
  if (change.kind === 'add') return `adds ${change.column} ${change.type}`;
  if (change.kind === 'widen') return `widens ${change.column} from ${change.from} to ${change.to}`;
  return `renames ${change.column} to ${change.to}, which keeps its values`;
}

const unfilledText = (column: string): string =>
  `no property fills the column ${column}, which is NOT NULL: a load with new rows would end with TABLE_COLUMN_REQUIRED`;

function summary(streams: readonly Stream[]): string {
  if (streams.length === 0) return 'nothing to plan: no SCHEMA message came, or the catalog selects no stream';
  const refused = streams.filter(({ error }) => error).length;
  const all = counted(streams.length, 'stream');
  return refused === 0
    ? `${all} planned; nothing was changed`
    : `${all} planned, ${refused} of them refused; nothing was changed`;
}

function asJson({ error, plan, ...stream }: Stream) {
  const { action, changes, names, unfilled, discarded, statements, load } = plan ?? {};
  const shown = plan && { action, changes, names, unfilled, discarded, statements, load };
  if (!error) return { ...stream, ...shown };
  return { ...stream, ...shown, error: errorParts(error) };
}
