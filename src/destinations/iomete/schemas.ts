// Schemas of a run's tables → there. Each is looked at once, though the tables of many streams are made at the same time.
import type { TableName } from '../../schema/model.ts';
import { sparkDialect } from '../sql/spark-dialect.ts';
import { createSchemaStatement } from '../sql/table-statements.ts';
import type { SparkSession } from './session.ts';
import { isMissing, StatementError } from './statement-error.ts';

type SchemaName = Pick<TableName, 'catalog' | 'schema'>;

export class Schemas {
  private readonly underWay = new Map<string, Promise<void>>();

  /** @throws StatementError when it is not there, and can't be made */
  async make(spark: SparkSession, name: SchemaName): Promise<void> {
    const reference = schemaReference(name);
    for (let other = this.underWay.get(reference); other !== undefined; other = this.underWay.get(reference))
      if (await other.then(isDone, isNotDone)) return;
    const making = makeSchema(spark, reference);
    this.underWay.set(reference, making);
    // whoever has waited for it tries by itself: this one's session may be what failed
    making.catch(() => this.underWay.delete(reference));
    await making;
  }
}

/** Quoted, with its catalog where the name has one. */
export function schemaReference({ catalog, schema }: SchemaName): string {
  const parts = [catalog, schema].flatMap((part) => (part === undefined ? [] : sparkDialect.quoteName(part)));
  return parts.join('.');
}

const isDone = (): boolean => true;
const isNotDone = (): boolean => false;

/** A user may lack the right to create schemas, so one that is there is left alone. */
async function makeSchema(spark: SparkSession, reference: string): Promise<void> {
  try {
    await spark.run(`DESCRIBE SCHEMA ${reference}`);
  } catch (error) {
    // When it may not even be looked at, creating the table tells more.
    if (isMissing(error)) await spark.execute(createSchemaStatement(reference));
    else if (!(error instanceof StatementError) || error.outcome !== 'failed') throw error;
  }
}
