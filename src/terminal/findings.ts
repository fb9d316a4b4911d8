// What was found out about the values of a stream → the sentences that end a run.
import { counted, number } from '../errors/counted.ts';
import type { ColumnNote, Discard, FieldCount } from '../report/facts.ts';
import type { Finding } from '../report/run-report.ts';
import { type Column, isNested, type StreamVersion } from '../schema/model.ts';

const MAX_NAMED_FIELDS = 10;

export const findingText = (finding: Finding): string =>
  finding.kind === 'note'
    ? `${counted(finding.count, 'value')} of ${noteText(finding.column, finding.what, finding.count === 1)}`
    : discardText(finding.version, finding.discard, finding.count);

/** @param isOne of one value; else of several */
function noteText({ name, type }: Column, what: ColumnNote['what'], isOne: boolean): string {
  const were = isOne ? 'was' : 'were';
  if (what === 'nulled') return `${name} did not fit the column and ${isOne ? 'is' : 'are'} NULL`;
  if (what === 'asText')
    return isOne
      ? `${name} was no string, as the schema declares it: the column holds its JSON text`
      : `${name} were no strings, as the schema declares them: the column holds their JSON text`;
  if (what === 'cut')
    return `${name} ${isOne ? 'holds' : 'hold'} date-times that were finer than a microsecond and were cut to it`;
  if (type.kind === 'timestamp') return `${name} ${were} finer than a microsecond and ${were} cut to it`;
  const kept = isOne ? 'is held' : 'are held';
  const holder = isNested(type) ? `${isOne ? 'holds' : 'hold'} numbers that are kept` : kept;
  return `${name} ${holder} only approximately by a DOUBLE: see "number_type", which decides for new columns only`;
}

export function ignoredText(fields: ReadonlyMap<string, number>, because: FieldCount['because']): string {
  const named = [...fields]
    .slice(0, MAX_NAMED_FIELDS)
    .map(([name, count]) => `${JSON.stringify(name)} (${counted(count, 'value')})`);
  const more = fields.size > MAX_NAMED_FIELDS ? ` and ${number(fields.size - MAX_NAMED_FIELDS)} more` : '';
  return `${ignoredFields(because)}: ${named.join(', ')}${more}`;
}

function ignoredFields(because: FieldCount['because']): string {
  if (because === 'schema')
    return 'fields were ignored, as its schema excludes them by "additionalProperties" or "patternProperties"';
  if (because === 'struct')
    return 'members that its schema does not declare were ignored, as a STRUCT has declared members only, see "nested_columns"';
  return 'fields that its schema does not declare were ignored, see "undeclared_fields"';
}

function discardText({ columns, table }: StreamVersion, discard: Discard, count: number): string {
  const name = `${table.schema}.${table.table}`;
  const were = count === 1 ? 'was' : 'were';
  const noTable = `there is no table ${name}, and "schema_contract" makes none`;
  if (discard.of === 'tables') return `${counted(count, 'row')} ${were} discarded: ${noTable}`;
  if (discard.of === 'files') return `${counted(count, 'file')} of BATCH messages ${were} discarded unread: ${noTable}`;
  const column = columns[discard.column]!;
  const lacks = isNested(column.type) ? 'lacks the column, or members of it' : 'lacks the column';
  const why = discard.of === 'columns' ? lacks : `has another type for ${count === 1 ? 'it' : 'them'}`;
  return `${counted(count, 'value')} of ${column.name} ${were} discarded: the table ${name} ${why}, and "schema_contract" keeps it so`;
}
