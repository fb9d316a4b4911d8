import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeLakehouse } from '../../setup/lakehouse.ts';
import { duckdbWarehouse, loadInto, type Row, sparkWarehouse, type Warehouse } from '../../support/warehouse.ts';
import { columnTable, type NameRow, tableTable } from './name-table.ts';

const stream = 'names';
const schemaOf = (name: string, properties: readonly string[]) => ({
  type: 'SCHEMA',
  stream: name,
  schema: { properties: Object.fromEntries(properties.map((property) => [property, { type: ['null', 'string'] }])) },
  key_properties: ['id'],
});
const textOf = ({ source }: NameRow) => `of ${JSON.stringify(source).slice(0, 30)} ${source.length}`;
const sources = columnTable.map(({ source }) => source);
const record = { id: '1', ...Object.fromEntries(columnTable.map((row) => [row.source, textOf(row)])) };

const messages = [
  schemaOf(stream, ['id', ...sources]),
  { type: 'RECORD', stream, record },
  ...tableTable.flatMap(({ source }) => [
    schemaOf(source, ['id']),
    { type: 'RECORD', stream: source, record: { id: `of ${source}` } },
  ]),
];

function names(open: () => Warehouse) {
  const warehouse = open();
  let row: Row;
  let said: readonly string[];
  beforeAll(async () => {
    await loadInto(warehouse, messages);
    // the second run has to find what the first one has made, whatever the order of the properties
    said = await loadInto(warehouse, [schemaOf(stream, [...sources.toReversed(), 'id']), ...messages.slice(1)]);
    row = (await warehouse.rows(stream))[0]!;
  }, 300_000);
  afterAll(() => warehouse.close());

  it.each(columnTable.map((line) => [line.source.slice(0, 40), line] as const))('the property %j', (_, line) => {
    expect(row[line.name]).toBe(textOf(line));
  });

  it('make one column each, in the second run none, and a person is told of those that are not simply lower case', () => {
    expect(Object.keys(row).sort()).toEqual(['id', ...columnTable.map(({ name }) => name)].sort());
    expect(said.filter((line) => line.includes('added column'))).toEqual([]);
    expect(said).toContain('warning: stream names: the property "tick`ed" is the column "tick_ed"');
  });

  it.each(tableTable.map((line) => [line.source.slice(0, 40), line] as const))('the stream %j', async (_, line) => {
    expect(await warehouse.rows(line.name)).toEqual([{ id: `of ${line.source}` }]);
  });
}

describe('names in DuckDB', () => names(duckdbWarehouse));
describeLakehouse('names in Spark', (details) => names(() => sparkWarehouse(details)));

it('docs/names.md says the same', async () => {
  await expect(markdown()).toMatchFileSnapshot('../../../docs/names.md');
});

function markdown(): string {
  const code = (name: string) => {
    const shown = /^(.)\1{20,}/u.test(name)
      ? name.replace(/^(.)\1+/u, (run, letter) => `${letter}… (${run.length} times)`)
      : name;
    const text = JSON.stringify(shown).replaceAll('|', '\\|');
    return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``;
  };
  const lines = (rows: readonly NameRow[]) =>
    rows.map(({ source, name, why }) => `| ${code(source)} | ${code(name)} | ${why} |`).join('\n');
  return `# Names

What columns and tables are called: every line is a test (\`tests/suite/names\`), on Spark and on DuckDB. The name of a new column depends on the stream's own properties and on the columns of its table, not on the order of either; from then on the column is [its property's](#from-run-to-run) in every run, whatever else the stream comes to declare. A column that is there already is found whatever its case. Where a column's name is more than its property's in lower case, a warning says so.

## Columns

A property of a nested object that is flattened is called by its path, joined by \`__\`. The lines of this table are the properties of one stream.

| Property | Column | |
|---|---|---|
${lines(columnTable)}

The lakehouse reserves more names, in any case: Iceberg's metadata columns (\`_file\`, \`_pos\`, \`_deleted\`, \`_spec_id\`, \`_partition\`, \`_row_id\`, \`_last_updated_sequence_number\`), those of its changelogs (\`_change_type\`, \`_change_ordinal\`, \`_commit_snapshot_id\`), what Spark adds to the rows of a MERGE (\`__row_operation\`, \`__row_from_source\`, \`__row_from_target\`), and in a partitioned table the names of its partition fields, such as \`ts_day\` or \`id_bucket\`. A new column for such a property gets a hash (\`_deleted_70fa\`) and a comment; a column that is there already and does no harm goes on. DuckDB reserves none of them: there the column of \`_deleted\` is \`_deleted\`. Members of structs may have all of these names.

\`_sdc_deleted_at\`, and with \`add_metadata_columns\` the other metadata names, are the target's own, in any case: properties of that name have no column. A record is deleted when any spelling of \`_sdc_deleted_at\` is not null. A property that only becomes known later in a run (by another schema of the stream, or by \`undeclared_fields\`) never takes the name of a column that is there.

## From run to run

A name alone does not tell the property: \`Foo\` is the column \`foo\`, but \`foo_ec4e\` where the first SCHEMA has \`foo\` as well. So a column whose name is not just its property's gets a comment when it is made: \`Property "Foo" of the stream\`, or \`Property "address"."city" of the stream\` for one that was flattened. Later runs look for the comment first, and then for the name among columns that have no such comment.

- A property whose name belongs to another's column gets a name with a hash, and keeps it: where \`foo\` is the column of \`Foo\`, the property \`foo\` is the column \`foo_8f62\`, be \`Foo\` declared beside it or not.
- A column without such a comment goes to the property that has its name by the rules above: one that is called just like its property, one that somebody else or an older version has made, one that has a comment of somebody else's. So a \`Foo\` that comes without \`foo\` to a table whose column \`foo\` has no comment goes on in that column.
- Comments are written together with the columns that they are for, and at no other time; what a person writes stays. To give a column to another property, for instance when a tap has changed \`Foo\` to \`foo\` for good, remove or change its comment.
- A column that was kept under a dated name when its type changed keeps its comment, too, but it is the new one that goes on. A column that a person renames is its property's no longer.
- Without comments, and found by their names alone, are the members of native structs, and properties whose path is longer than about 230 characters.

## Tables

| Stream | Table | |
|---|---|---|
${lines(tableTable)}
`;
}
