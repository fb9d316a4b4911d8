// Tables with settings, branches and contents of their own.
import { integer, text } from '../suite-case.ts';
import { always, dated, either, type HandMadeTable } from './hand-made-table.ts';

const plain = 'id BIGINT, n INT, v BIGINT, s STRING';
const plainRows = "INSERT INTO $t VALUES (1, 10, 100, 'one'), (2, 20, 200, 'two'), (3, NULL, NULL, NULL)";
const stream = { v: [integer, 300], s: [text, 'new'] } as const;
const made = [`CREATE TABLE $t (${plain}) USING iceberg`, plainRows] as const;
const withProperties = (properties: string): readonly string[] => [
  `CREATE TABLE $t (${plain}) USING iceberg TBLPROPERTIES (${properties})`,
  plainRows,
];

export const settingTables: readonly HandMadeTable[] = [
  { name: 'that is sorted', make: [...made, 'ALTER TABLE $t WRITE ORDERED BY v DESC NULLS FIRST, s'], stream },
  {
    name: 'that is sorted by a transform, within its partitions',
    make: [
      `CREATE TABLE $t (${plain}) USING iceberg PARTITIONED BY (bucket(2, id))`,
      'ALTER TABLE $t WRITE DISTRIBUTED BY PARTITION LOCALLY ORDERED BY bucket(4, v), s',
      plainRows,
    ],
    stream,
    column: { v_bucket: [integer, 5] },
    expect: { another: either({ dated: ['v'] }) },
  },
  {
    name: 'that distributes by range, without order',
    make: withProperties(
      "'write.distribution-mode' = 'range', 'write.merge.distribution-mode' = 'none', 'write.spark.fanout.enabled' = 'true'",
    ),
    stream,
  },
  {
    name: 'with branches and tags',
    make: [
      ...made,
      'ALTER TABLE $t CREATE TAG audited',
      'ALTER TABLE $t CREATE BRANCH work RETAIN 30 DAYS',
      "INSERT INTO $t.branch_work VALUES (1, 11, 111, 'on a branch')",
      "INSERT INTO $t VALUES (4, 40, 400, 'four')",
    ],
    stream,
  },
  {
    name: 'with staged snapshots that nobody has published',
    make: [
      ...withProperties("'write.wap.enabled' = 'true'"),
      'SET spark.wap.id = left_over',
      "INSERT INTO $t VALUES (1, 11, 111, 'staged')",
    ],
    stream,
  },
  {
    name: 'that accepts any schema',
    make: [...made, "ALTER TABLE $t SET TBLPROPERTIES ('write.spark.accept-any-schema' = 'true')"],
    stream,
    expect: { ...always(either({ isOfTable: true })), another: either({ isOfTable: true, dated: ['v'] }) },
  },
  {
    name: 'with settings of single columns',
    make: withProperties(
      "'write.metadata.metrics.column.v' = 'full', 'write.metadata.metrics.default' = 'none', 'write.parquet.bloom-filter-enabled.column.s' = 'true'",
    ),
    stream,
  },
  {
    name: 'of snapshot isolation, without retries of commits',
    make: withProperties(
      "'write.merge.isolation-level' = 'snapshot', 'write.delete.isolation-level' = 'snapshot', 'commit.retry.num-retries' = '0', 'gc.enabled' = 'false'",
    ),
    stream,
  },
  {
    name: 'with properties that hold commas and signs',
    make: [...made, `ALTER TABLE $t SET TBLPROPERTIES ('owner.note' = 'a, b = c; "d"', 'comment' = 'it is [ours]')`],
    stream,
  },
  { name: 'that nobody has written to', make: [`CREATE TABLE $t (${plain}) USING iceberg`], stream },
  { name: 'whose rows are all deleted', make: [...made, 'DELETE FROM $t WHERE true'], stream },
  { name: 'that was truncated', make: [...made, 'TRUNCATE TABLE $t'], stream },
  {
    name: 'that was rolled back',
    make: [
      `CREATE TABLE $t (${plain}) USING iceberg`,
      plainRows,
      'ALTER TABLE $t CREATE TAG good',
      "INSERT INTO $t VALUES (4, 40, 400, 'bad')",
      "CALL spark_catalog.system.set_current_snapshot(table => '$t', ref => 'good')",
    ],
    stream,
  },
  {
    name: 'made by a query',
    make: [
      "CREATE TABLE $t USING iceberg AS SELECT id, CAST(id AS INT) AS n, id * 10 AS v, 'row' AS s FROM range(1, 4)",
    ],
    stream,
  },
  {
    name: 'with rows of one key, twice',
    make: [...made, "INSERT INTO $t VALUES (2, 21, 210, 'two again'), (3, 31, 310, 'three again')"],
    stream,
    repeatedKey: true,
  },
  {
    name: 'with rows without a key',
    make: [...made, "INSERT INTO $t VALUES (NULL, 1, 1, 'nobody'), (NULL, 2, 2, 'nobody')"],
    stream,
  },
  {
    name: 'with 5,000 rows in several files',
    make: [
      `CREATE TABLE $t (${plain}) USING iceberg`,
      "INSERT INTO $t SELECT id, CAST(id AS INT), id * 3, repeat('x', 5) FROM range(2500)",
      "INSERT INTO $t SELECT id, CAST(id AS INT), id * 3, 'y' FROM range(2500, 5000)",
    ],
    records: [{ id: 2 }, { id: 10_000 }],
    stream,
  },
  {
    name: 'with 1,050 columns',
    make: [
      `CREATE TABLE $t USING iceberg AS SELECT id, CAST(id AS INT) AS n, id AS v, ${Array.from({ length: 1047 }, (_, i) => `id + ${i} AS c${i}`).join(', ')} FROM range(1, 4)`,
    ],
    stream: { v: [integer, 300], c7: [integer, 7] },
  },
  {
    name: 'in which types have changed under this target before',
    make: [
      'CREATE TABLE $t (id BIGINT, n INT, v BIGINT, v_20240101_0000 STRING) USING iceberg',
      "INSERT INTO $t VALUES (1, 1, NULL, 'word'), (2, 2, 200, NULL)",
    ],
    stream: { v: [integer, 5] },
    expect: { another: dated('v') },
  },
];
