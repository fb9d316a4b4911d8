import { expect, test } from 'vitest';
import { Schemas } from '../../../../src/destinations/iomete/schemas.ts';
import type { SparkSession } from '../../../../src/destinations/iomete/session.ts';
import { StatementError } from '../../../../src/destinations/iomete/statement-error.ts';

const place = { catalog: 'spark_catalog', schema: 'shop' };

/** Answers each statement by `answer`, a moment later, and keeps it in `said`. */
function session(said: string[], answer: (sql: string) => void = () => {}): SparkSession {
  const take = async (sql: string) => {
    said.push(sql);
    await new Promise((resolve) => setTimeout(resolve, 5));
    answer(sql);
    return [];
  };
  return {
    run: take,
    execute: async (sql) => void (await take(sql)),
    close: async () => {},
    end: async () => {},
  };
}

const missing = (sql: string) => {
  if (sql.startsWith('DESCRIBE')) throw new StatementError('failed', '[SCHEMA_NOT_FOUND] no such schema');
};
const lost = () => {
  throw new StatementError('unknown', 'the connection broke');
};

test('tables that are made at the same time look for their schema once, and make it once', async () => {
  const said: string[] = [];
  const schemas = new Schemas();
  await Promise.all(Array.from({ length: 5 }, () => schemas.make(session(said, missing), place)));
  await schemas.make(session(said, missing), place);
  expect(said).toEqual([
    'DESCRIBE SCHEMA `spark_catalog`.`shop`',
    'CREATE SCHEMA IF NOT EXISTS `spark_catalog`.`shop`',
  ]);
});

test('each schema is looked for by itself', async () => {
  const said: string[] = [];
  const schemas = new Schemas();
  await Promise.all(['a', 'b'].map((schema) => schemas.make(session(said), { ...place, schema })));
  expect(said).toEqual(['DESCRIBE SCHEMA `spark_catalog`.`a`', 'DESCRIBE SCHEMA `spark_catalog`.`b`']);
});

test('when the session that looks is lost, one of the others looks', async () => {
  const said: string[] = [];
  const schemas = new Schemas();
  const outcomes = await Promise.allSettled([
    schemas.make(session(said, lost), place),
    schemas.make(session(said, missing), place),
    schemas.make(session(said, missing), place),
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
  expect(said.map((sql) => sql.split(' ')[0])).toEqual(['DESCRIBE', 'DESCRIBE', 'CREATE']);
});

test('a schema that may not be looked at is left to the table that is made in it', async () => {
  const refusal = (sql: string) => {
    if (sql.startsWith('DESCRIBE')) throw new StatementError('failed', '[INSUFFICIENT_PERMISSIONS] no');
  };
  const said: string[] = [];
  await new Schemas().make(session(said, refusal), place);
  expect(said).toHaveLength(1);
});
