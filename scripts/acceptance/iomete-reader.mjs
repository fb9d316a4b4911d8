// Details of a lakehouse → what its tables hold, as numbers, booleans and text, by the project's own Spark session.
import { S3 } from '@aws-sdk/client-s3';

const PAGE_ROWS = 100_000;

/** @returns {Promise<import('./destination.mjs').Reader>} */
export async function iometeReader(details, schema) {
  const { connect } = await import('../../dist/destinations/iomete/client.js');
  const client = await connect(connectionSettings(details), { info: () => {}, warn: (line) => console.error(line) });
  const session = await client.openSession();
  const query = async (sql) => (await session.run(sql)).map((row) => Object.values(row));

  async function* rows(table, columns, rangeColumn) {
    const names = columns.map(({ name, kind }, index) => `${expression(quote(name), kind)} AS c${index}`);
    const from = `${quote(schema)}.${quote(table)}`;
    for (const condition of await pages(from, rangeColumn)) {
      const page = await session.run(`SELECT ${names.join(', ')} FROM ${from} WHERE ${condition}`);
      for (const row of page) yield columns.map((_, index) => row[`c${index}`]);
    }
  }

  /** A result is held in memory as a whole, so a large table is read in parts. */
  async function pages(from, rangeColumn) {
    if (rangeColumn === undefined) return ['true'];
    const column = quote(rangeColumn);
    const [[low, high] = []] = await query(`SELECT min(${column}) AS low, max(${column}) AS high FROM ${from}`);
    if (low === null || low === undefined) return [];
    const conditions = [`${column} IS NULL`];
    for (let start = Number(low); start <= Number(high); start += PAGE_ROWS)
      conditions.push(`${column} >= ${start} AND ${column} < ${start + PAGE_ROWS}`);
    return conditions;
  }

  return {
    query,
    rows,
    close: async () => {
      await session.close();
      await client.close();
    },
  };
}

function connectionSettings({ host, port, dataPlane, lakehouse, user, password, caFile }) {
  return {
    host,
    port,
    httpPath: `/data-plane/${dataPlane}/lakehouse/${lakehouse}`,
    user,
    password,
    tlsCaFile: caFile,
    tlsVerify: true,
    startupWaitSeconds: 60,
  };
}

const quote = (name) => `\`${name.replaceAll('`', '``')}\``;

function expression(column, kind) {
  switch (kind) {
    case 'boolean':
      return column;
    case 'number':
      return `CAST(${column} AS DOUBLE)`;
    case 'timestamp':
      return `CAST(unix_micros(${column}) AS STRING)`;
    default:
      return `CAST(${column} AS STRING)`;
  }
}

// its note about versions of Node would stand among the results
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

const storeOf = ({ s3 }) => new S3({ endpoint: s3.endpoint, region: s3.region, credentials: s3, forcePathStyle: true });

/** Killed runs leave staged files. @param {string} prefix */
export async function removeStaged(details, prefix) {
  const client = storeOf(details);
  const { bucket } = details.s3;
  for (;;) {
    const { Contents } = await client.listObjectsV2({ Bucket: bucket, Prefix: prefix });
    if (!Contents?.length) return client.destroy();
    for (const { Key } of Contents) await client.deleteObject({ Bucket: bucket, Key });
  }
}

/** At most 1,000 of each. @param {string} prefix */
export async function stagedBelow(details, prefix) {
  const client = storeOf(details);
  const { bucket } = details.s3;
  const { Contents = [] } = await client.listObjectsV2({ Bucket: bucket, Prefix: prefix });
  const { Uploads = [] } = await client.listMultipartUploads({ Bucket: bucket, Prefix: prefix });
  client.destroy();
  return [...Contents, ...Uploads].map(({ Key }) => Key).filter((key) => key.startsWith(prefix));
}
