// Tables whose files were there before the table, or lie in another way: migrated, added, formats, versions, row-level deletes.
import { integer, number, text } from '../suite-case.ts';
import { dated, either, type HandMadeTable } from './hand-made-table.ts';

const thousandths = { type: ['null', 'number'], multipleOf: 0.001 };
const cents = { type: ['null', 'number'], multipleOf: 0.01 };

const plain = 'id BIGINT, n INT, v BIGINT, s STRING';
const plainRows = "INSERT INTO $t VALUES (1, 10, 100, 'one'), (2, 20, 200, 'two'), (3, NULL, NULL, NULL)";
const stream = { v: [integer, 300], s: [text, 'new'] } as const;
const withProperties = (properties: string): readonly string[] => [
  `CREATE TABLE $t (${plain}) USING iceberg TBLPROPERTIES (${properties})`,
  plainRows,
];
const inRowLevelModes = (version: number, mode: string) =>
  withProperties(
    `'format-version' = '${version}', ${['delete', 'update', 'merge'].map((what) => `'write.${what}.mode' = '${mode}'`).join(', ')}`,
  );
const deletes = [
  "INSERT INTO $t SELECT id + 100, 1, id, 'many' FROM range(50)",
  'DELETE FROM $t WHERE id BETWEEN 120 AND 129',
  "UPDATE $t SET s = 'changed' WHERE id IN (101, 102)",
];

/** Name mappings know columns by name, and say nothing of those that come later. */
const mapped = either({ dated: 'maybe' });

export const fileTables: readonly HandMadeTable[] = [
  {
    name: 'migrated from Parquet',
    make: [
      'CREATE TABLE $t (id BIGINT, n INT, v DECIMAL(18,2)) USING parquet',
      'INSERT INTO $t VALUES (1, 10, 1.25), (2, 20, 2.25), (3, 30, 3.25)',
      "CALL spark_catalog.system.migrate('$t')",
    ],
    stream: {},
    another: { v: [thousandths, 0.125] },
    expect: { another: either({ dated: ['v'] }) },
  },
  {
    name: 'migrated from Parquet, whose number becomes text',
    make: [
      'CREATE TABLE $t (id BIGINT, n INT, v BIGINT, w DOUBLE) USING parquet',
      'INSERT INTO $t VALUES (1, 10, 100, 0.5), (2, 20, 200, 1.5), (3, 30, 300, 2.5)',
      "CALL spark_catalog.system.migrate('$t')",
    ],
    stream: { w: [number, 3.5] },
    expect: { another: either({ dated: ['v'] }) },
  },
  {
    name: 'migrated from Parquet, which has lost a column',
    make: [
      'CREATE TABLE $t (id BIGINT, n INT, v BIGINT, w STRING) USING parquet',
      "INSERT INTO $t VALUES (1, 10, 100, 'old'), (2, 20, 200, 'old'), (3, 30, 300, 'old')",
      "CALL spark_catalog.system.migrate('$t')",
      'ALTER TABLE $t DROP COLUMN w',
    ],
    stream: {},
    column: { w: [text, 'new'] },
    expect: { column: mapped, another: either({ dated: ['v'] }) },
  },
  {
    name: 'migrated from Parquet, which has renamed a column',
    make: [
      'CREATE TABLE $t (id BIGINT, n INT, v BIGINT) USING parquet',
      'INSERT INTO $t VALUES (1, 10, 100), (2, 20, 200), (3, 30, 300)',
      "CALL spark_catalog.system.migrate('$t')",
      'ALTER TABLE $t RENAME COLUMN v TO amount',
    ],
    stream: { amount: [integer, 5] },
    column: { v: [text, 'new'] },
    another: { amount: [text, 'word'] },
    expect: { column: mapped, another: either({ dated: ['amount'] }) },
  },
  {
    name: 'migrated from Parquet, partitioned, with columns in upper case',
    make: [
      'CREATE TABLE $t (`Id` BIGINT, n INT, `Wert` BIGINT, region STRING) USING parquet PARTITIONED BY (region)',
      "INSERT INTO $t VALUES (1, 10, 100, 'n'), (2, 20, 200, 's'), (3, 30, NULL, 's')",
      "CALL spark_catalog.system.migrate('$t')",
    ],
    stream: { region: [text, 'w'] },
    another: { Wert: [text, 'word'] },
    expect: { another: either({ dated: ['Wert'] }) },
  },
  {
    name: 'migrated from ORC',
    make: [
      'CREATE TABLE $t (id BIGINT, n INT, v BIGINT) USING orc',
      'INSERT INTO $t VALUES (1, 10, 100), (2, 20, 200), (3, 30, 300)',
      "CALL spark_catalog.system.migrate('$t')",
    ],
    stream: {},
    expect: { another: either({ dated: ['v'] }) },
  },
  {
    name: 'migrated from small types',
    make: [
      'CREATE TABLE $t (id INT, n TINYINT, v SMALLINT, c CHAR(3), w VARCHAR(10), f FLOAT) USING parquet',
      "INSERT INTO $t VALUES (1, 10, 100, 'abc', 'w', 0.5), (2, 20, 200, 'abc', 'w', 1.5), (3, 30, 300, 'abc', 'w', 2.5)",
      "CALL spark_catalog.system.migrate('$t')",
    ],
    stream: { c: [text, 'longer than three'], f: [number, 0.25] },
    // Spark can't read the files of a TINYINT any more when the column is BIGINT
    expect: { wider: dated('n'), another: either({ dated: ['v'] }) },
  },
  {
    name: 'migrated with structs and arrays',
    make: [
      'CREATE TABLE $t (id BIGINT, n INT, s STRUCT<a: INT, b: STRING>, l ARRAY<INT>, m MAP<STRING, INT>) USING parquet',
      "INSERT INTO $t SELECT 1L, 1, named_struct('a', 1, 'b', 'x'), array(1, 2), map('k', 1)",
      "CALL spark_catalog.system.migrate('$t')",
    ],
    stream: {},
    column: {
      s: [
        { type: ['null', 'object'], properties: { a: integer, b: text, c: text } },
        { a: 5, b: 'y', c: 'z' },
      ],
    },
    wider: { l: [{ type: ['null', 'array'], items: integer }, [3_000_000_000]] },
    another: { m: [text, 'word'] },
    options: { nested_columns: 'struct' },
    expect: { column: mapped, another: either({ dated: ['m'] }) },
  },
  {
    name: 'that is a snapshot of another one',
    make: [
      'CREATE TABLE $t_source (id BIGINT, n INT, v BIGINT) USING parquet',
      'INSERT INTO $t_source VALUES (1, 10, 100), (2, 20, 200), (3, 30, 300)',
      "CALL spark_catalog.system.snapshot('$t_source', '$t')",
    ],
    stream: {},
    expect: { another: either({ dated: ['v'] }) },
  },
  {
    name: 'with files that were added to it',
    make: [
      'CREATE TABLE $t_source (id BIGINT, n INT, v BIGINT) USING parquet',
      'INSERT INTO $t_source VALUES (1, 10, 100), (2, 20, 200)',
      'CREATE TABLE $t (id BIGINT, n INT, v BIGINT) USING iceberg',
      "CALL spark_catalog.system.add_files('$t', '$t_source')",
      'INSERT INTO $t VALUES (3, 30, 300)',
    ],
    stream: {},
    expect: { another: either({ dated: ['v'] }) },
  },
  {
    name: 'with files that were added and have more columns',
    make: [
      'CREATE TABLE $t_source (id BIGINT, n INT, v BIGINT, more INT) USING parquet',
      'INSERT INTO $t_source VALUES (1, 10, 100, 1), (2, 20, 200, 2)',
      'CREATE TABLE $t (id BIGINT, n INT, v BIGINT) USING iceberg',
      "CALL spark_catalog.system.add_files('$t', '$t_source')",
    ],
    stream: {},
    expect: { column: mapped, another: either({ dated: ['v'] }) },
  },
  {
    name: 'with files that were added to a partition',
    make: [
      'CREATE TABLE $t_source (id BIGINT, n INT, v BIGINT, region STRING) USING parquet PARTITIONED BY (region)',
      "INSERT INTO $t_source VALUES (1, 10, 100, 'n'), (2, 20, 200, 's')",
      'CREATE TABLE $t (id BIGINT, n INT, v BIGINT, region STRING) USING iceberg PARTITIONED BY (region)',
      "CALL spark_catalog.system.add_files('$t', '$t_source', map('region', 'n'))",
    ],
    stream: { region: [text, 's'] },
    expect: { another: either({ dated: ['v'] }) },
  },
  { name: 'of format version 1', make: withProperties("'format-version' = '1'"), stream },
  { name: 'of format version 3', make: withProperties("'format-version' = '3'"), stream },
  {
    name: 'that was upgraded from version 1 to 2 and 3',
    make: [
      ...withProperties("'format-version' = '1'"),
      "ALTER TABLE $t SET TBLPROPERTIES ('format-version' = '2')",
      "INSERT INTO $t VALUES (4, 40, 400, 'four')",
      "ALTER TABLE $t SET TBLPROPERTIES ('format-version' = '3')",
    ],
    stream,
    column: { _row_id: [integer, 5], _last_updated_sequence_number: [integer, 6] },
  },
  { name: 'of merge-on-read, with deleted rows', make: [...inRowLevelModes(2, 'merge-on-read'), ...deletes], stream },
  {
    name: 'of format version 3 and merge-on-read, with deletion vectors',
    make: [...inRowLevelModes(3, 'merge-on-read'), ...deletes],
    stream,
    column: { _deleted: [text, 'no'], _file: [text, 'f'], _pos: [integer, 1] },
  },
  { name: 'of copy-on-write, with deleted rows', make: [...inRowLevelModes(2, 'copy-on-write'), ...deletes], stream },
  {
    name: 'of merge-on-read and partitioned',
    make: [
      `CREATE TABLE $t (${plain}) USING iceberg PARTITIONED BY (bucket(2, id)) TBLPROPERTIES ('write.delete.mode' = 'merge-on-read', 'write.merge.mode' = 'merge-on-read')`,
      plainRows,
      ...deletes,
    ],
    stream,
    another: { s: [integer, 5], v: [text, 'word'] },
    expect: { another: dated('v') },
  },
  { name: 'that writes ORC', make: withProperties("'write.format.default' = 'orc'"), stream },
  {
    name: 'that writes Avro',
    make: withProperties("'write.format.default' = 'avro', 'write.parquet.compression-codec' = 'gzip'"),
    stream,
  },
  {
    name: 'with files of three formats',
    make: [
      ...withProperties("'write.format.default' = 'orc'"),
      "ALTER TABLE $t SET TBLPROPERTIES ('write.format.default' = 'avro')",
      "INSERT INTO $t VALUES (4, 40, 400, 'four')",
      "ALTER TABLE $t SET TBLPROPERTIES ('write.format.default' = 'parquet')",
      "INSERT INTO $t VALUES (5, 50, 500, 'five')",
    ],
    stream,
  },
  { name: 'laid out for object stores', make: withProperties("'write.object-storage.enabled' = 'true'"), stream },
  {
    name: 'at another location, with data and metadata apart',
    make: [
      `CREATE TABLE $t (${plain}) USING iceberg LOCATION '$d/table' TBLPROPERTIES ('write.data.path' = '$d/data', 'write.metadata.path' = '$d/metadata')`,
      plainRows,
    ],
    stream,
  },
  {
    name: 'whose rows were compacted and whose snapshots expired',
    make: [
      ...withProperties("'write.merge.mode' = 'merge-on-read', 'write.update.mode' = 'merge-on-read'"),
      ...deletes,
      "CALL spark_catalog.system.rewrite_data_files(table => '$t', options => map('rewrite-all', 'true'))",
      "CALL spark_catalog.system.expire_snapshots(table => '$t', older_than => TIMESTAMP '2999-01-01 00:00:00', retain_last => 1)",
    ],
    stream,
  },
  {
    name: 'with decimals of 10 digits in files',
    make: [
      'CREATE TABLE $t (id BIGINT, n INT, v DECIMAL(10,2), w DECIMAL(38,0)) USING iceberg',
      'INSERT INTO $t VALUES (1, 1, 1.25, 12345678901234567890123456789012345678), (2, 2, 2.25, 2), (3, 3, -99999999.99, NULL)',
    ],
    stream: { w: [integer, 7] },
    wider: { v: [cents, 12345678901.25] },
    another: { v: [thousandths, 0.125] },
  },
];
