// Commits that come whenever they like, which no real lakehouse does on demand: a model of a table with staged snapshots.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CommitTarget, commitOnce, commitVisibly } from '../../../../src/destinations/iomete/commit-once.ts';
import type { SparkSession } from '../../../../src/destinations/iomete/session.ts';
import { StatementError } from '../../../../src/destinations/iomete/statement-error.ts';

/** What becomes of a statement: `late` loses its answer, and is carried out that many statements later. */
type Fate = 'done' | 'never' | 'lost' | { readonly late: number };

const insert = 'MERGE INTO `c`.`s`.`t` USING v\nON false\nWHEN NOT MATCHED THEN INSERT …';
const merge = 'MERGE INTO `c`.`s`.`t` t USING v s\nON …\nWHEN MATCHED THEN UPDATE SET …';

function modelTable(fates: Fate[], { staging = true, procedure = true } = {}) {
  const statements: string[] = [];
  const staged: string[] = [];
  const published = new Set<string>();
  let rows = 0;
  let merges = 0;
  let snapshots = 0;
  let due: { at: number; act: () => void }[] = [];
  const newSession = (): SparkSession => {
    let id: string | undefined;
    const carryOut = (sql: string, stagingId: string | undefined): void => {
      if (sql.startsWith('ALTER') && !staging) throw new StatementError('failed', 'Permission denied: user [x]');
      if (sql === merge) merges++;
      if (sql === insert && stagingId !== undefined && staging) staged.push(stagingId);
      else if (sql === insert) {
        rows++;
        snapshots++;
      }
      const wanted = /publish_changes\(.*wap_id => '(.*)'/.exec(sql)?.[1]?.replaceAll('\\u002d', '-');
      if (wanted === undefined) return;
      if (!procedure) throw new StatementError('failed', 'org.apache.spark.sql.catalyst.parser.ParseException: CALL');
      if (!staged.includes(wanted))
        throw new StatementError('failed', `ValidationException: Cannot apply unknown WAP ID '${wanted}'`);
      if (published.has(wanted)) throw new StatementError('failed', `DuplicateWAPCommitException: ${wanted}`);
      published.add(wanted);
      rows++;
    };
    return {
      run: async () =>
        Array.from({ length: snapshots }, (_, n) => ({ snapshot_id: `${n}`, operation: 'append', added: '1' })),
      execute: async (sql) => {
        statements.push(sql);
        for (const { act } of due.filter(({ at }) => at <= statements.length)) act();
        due = due.filter(({ at }) => at > statements.length);
        if (/^(SET|RESET)/.test(sql)) {
          id = /=(.*)/.exec(sql)?.[1];
          return;
        }
        const fate = fates.shift() ?? 'done';
        const stagingId = id;
        const act = () => {
          try {
            carryOut(sql, stagingId);
          } catch {
            // nobody hears of it
          }
        };
        if (fate === 'done') return carryOut(sql, stagingId);
        if (fate === 'lost') act();
        if (typeof fate === 'object') due.push({ at: statements.length + fate.late, act });
        throw new StatementError('unknown', 'socket hang up');
      },
      close: async () => {},
      end: async () => {},
    };
  };
  const finish = () => {
    for (const { act } of due) act();
  };
  return { newSession, finish, statements, rows: () => rows, merges: () => merges, staged };
}

const target = (properties: Record<string, string> = {}, warnings: string[] = []): CommitTarget => ({
  table: { catalog: 'c', schema: 's', table: 't' },
  properties: new Map(Object.entries(properties)),
  id: 'target_iomete_0_1',
  staging: {},
  log: { info: () => {}, warn: (line) => warnings.push(line) },
});

/** As the table's session does it: again in another session for as long as answers are lost. */
async function insist(model: ReturnType<typeof modelTable>, of: CommitTarget, statement: string): Promise<void> {
  const commit = commitOnce(of);
  for (;;) {
    try {
      return await commit.run(model.newSession(), statement, 1);
    } catch (failure) {
      if (!(failure instanceof StatementError) || failure.outcome !== 'unknown') throw failure;
    }
  }
}

const fates = fc.array(
  fc.oneof(fc.constantFrom<Fate>('done', 'never', 'lost'), fc.record({ late: fc.integer({ min: 1, max: 12 }) })),
  { maxLength: 10 },
);

describe('a commit', () => {
  it('that appends happens once, whichever answers are lost and whatever comes late', async () => {
    await fc.assert(
      fc.asyncProperty(fates, fc.boolean(), async (given, isSet) => {
        const model = modelTable([...given]);
        await insist(model, target(isSet ? { 'write.wap.enabled': 'true' } : {}), insert);
        expect(model.rows()).toBe(1);
        model.finish();
        expect(model.rows()).toBe(1);
      }),
      { numRuns: 2_000 },
    );
  });

  it('that appends costs two statements more, and none to change a table that is set already', async () => {
    const model = modelTable([]);
    await insist(model, target({ 'write.wap.enabled': 'true' }), insert);
    expect(model.statements).toEqual([
      'SET spark.wap.id=target_iomete_0_1',
      insert,
      expect.stringContaining('publish_changes'),
    ]);
  });

  it('that is not staged is made visible in a session that stages', async () => {
    const model = modelTable([]);
    const session = model.newSession();
    await commitOnce(target({ 'write.wap.enabled': 'true' })).run(session, insert, 1);
    await commitOnce(target()).run(session, merge);
    await commitVisibly(session);
    expect(model.statements.slice(3)).toEqual(['RESET spark.wap.id', merge]);
  });

  it('appends directly where the table may not be changed, and says so once', async () => {
    const warnings: string[] = [];
    const of = target({}, warnings);
    const model = modelTable([], { staging: false });
    await insist(model, of, insert);
    await insist(model, { ...of, id: 'target_iomete_0_2' }, insert);
    expect(model.rows()).toBe(2);
    expect(warnings).toEqual([expect.stringContaining('write.wap.enabled')]);
  });

  it('appends directly where nothing can be published, and what was staged stays unseen', async () => {
    const warnings: string[] = [];
    const model = modelTable([], { procedure: false });
    await insist(model, target({ 'write.wap.enabled': 'true' }, warnings), insert);
    expect(model.rows()).toBe(1);
    expect(model.staged).toHaveLength(1);
    expect(warnings).toHaveLength(1);
  });

  it('without staging is looked up when its answer was lost, and never repeated', async () => {
    const done = modelTable(['lost'], { staging: false });
    const of = target();
    of.staging.isPossible = false;
    await insist(done, of, insert);
    expect(done.rows()).toBe(1);
    const lost = modelTable(['never'], { staging: false });
    await expect(insist(lost, of, insert)).rejects.toMatchObject({
      code: 'LOAD_FAILED',
      message: expect.stringContaining('look before you run again'),
    });
    expect(lost.statements).toEqual([insert]);
  });

  it('that changes rows is repeated, but not where Iceberg would let a late one pass', async () => {
    const model = modelTable(['lost', 'never']);
    await insist(model, target(), merge);
    expect(model.merges()).toBe(2);
    const weak = modelTable(['lost']);
    const error = insist(weak, target({ 'write.merge.isolation-level': 'snapshot' }), merge);
    await expect(error).rejects.toMatchObject({ message: expect.stringContaining('isolation-level') });
    expect(weak.merges()).toBe(1);
  });
});
