// A PostgreSQL → its tables with what each column holds, and the values that a tap is expected to send of them.

/** PostgreSQL's type → the kind of value that the tap makes of it. */
const KINDS = {
  bigint: 'integer',
  integer: 'integer',
  smallint: 'integer',
  boolean: 'boolean',
  numeric: 'number',
  real: 'number',
  'double precision': 'number',
  'timestamp without time zone': 'timestamp',
  'timestamp with time zone': 'timestamp',
  date: 'date',
  'time without time zone': 'time',
  jsonb: 'json',
  uuid: 'text',
  text: 'text',
  'character varying': 'text',
  character: 'text',
};

const TABLES_SQL = `
  SELECT t.table_schema, t.table_name, json_agg(json_build_object(
      'name', c.column_name, 'type', c.data_type, 'length', c.character_maximum_length) ORDER BY c.ordinal_position),
    (SELECT coalesce(json_agg(k.column_name ORDER BY k.ordinal_position), '[]')
      FROM information_schema.key_column_usage k WHERE (k.table_schema, k.table_name) = (t.table_schema, t.table_name))
  FROM information_schema.tables t JOIN information_schema.columns c USING (table_schema, table_name)
  WHERE t.table_schema IN ('public', 'shop')
  GROUP BY 1, 2 ORDER BY 1, 2`;

/** Tables in `public` and `shop`. */
export async function sourceTables(postgres) {
  const tables = [];
  for await (const [schema, name, columns, keys] of postgres.rows(TABLES_SQL.replaceAll(/\s+/g, ' ')))
    tables.push(tableOf(schema, name, JSON.parse(columns), JSON.parse(keys)));
  return tables;
}

function tableOf(schema, name, sourceColumns, keys) {
  const columns = sourceColumns.map((column) => ({ name: column.name, kind: kindOf(column) }));
  const expressions = sourceColumns.map((column, index) => expressionOf(column, columns[index].kind));
  // large tables are read by ranges of a single integer key
  const [key] = keys;
  const isInteger = columns.some((column) => column.name === key && column.kind === 'integer');
  return {
    name,
    columns,
    keys,
    rangeColumn: keys.length === 1 && isInteger && schema === 'public' ? key : undefined,
    sql: `SELECT ${expressions.join(', ')} FROM ${quote(schema)}.${quote(name)}`,
  };
}

function kindOf({ name, type }) {
  const kind = KINDS[type];
  if (kind === undefined) throw new Error(`column ${name}: no rule for values of type ${type}`);
  return kind;
}

function expressionOf({ name, type, length }, kind) {
  const column = quote(name);
  // microseconds since 1970; a time without a zone is sent as if it were UTC
  if (kind === 'timestamp') return `(extract(epoch FROM ${column}) * 1000000)::bigint`;
  // the cast to text drops the blanks that fill a char(n), and the tap sends them
  if (type === 'character') return `rpad(${column}::text, ${length})`;
  return `${column}::text`;
}

const quote = (name) => `"${name.replaceAll('"', '""')}"`;
