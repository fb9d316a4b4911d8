// Requests on their way to Spark → which of them lose their answer, and when, and which are refused: what a test orders.

import { setTimeout as sleep } from 'node:timers/promises';

const WHEN = ['before', 'running', 'after', 'late', 'refused'];

/** The cuts that are ordered and have not been made yet. */
export function orderedCuts() {
  /** @type {{ pattern: RegExp, when: string, skip: number, count: number, status: number, delayMs: number, reason: string }[]} */
  let orders = [];
  return {
    get waiting() {
      return orders.length > 0;
    },
    /** @param {import('./lakehouse.d.mts').Cut} cut */
    order({ pattern, when, count = 1, skip = 0, status = 0, delayMs = 0, reason = '' }) {
      if (!WHEN.includes(when)) throw new Error(`no such moment: ${when}`);
      orders.push({ pattern: new RegExp(pattern, 's'), when, count, skip, status, delayMs, reason });
    },
    clear() {
      orders = [];
    },
    /** The first order that the request fits: used up by one. @param {Buffer} body */
    take(body) {
      const text = body.toString('utf8');
      for (const order of orders) {
        if (!order.pattern.test(text)) continue;
        if (order.skip-- > 0) continue;
        order.skip = 0;
        if (--order.count === 0) orders = orders.filter((other) => other !== order);
        return order;
      }
      return undefined;
    },
  };
}

/**
 * Carries out what was ordered for a request. Spark never notices that nobody waits for its answer.
 * @param {{ when: string, delayMs: number }} order
 * @param {Buffer} body
 * @param {(body: Buffer) => Promise<void>} send resolves when Spark has answered
 * @param {() => void} cut ends the exchange with the client
 */
export async function carryOut({ when, delayMs }, body, send, cut) {
  if (when === 'running') await send(body);
  // only the end of a statement that runs synchronously is the answer to it
  if (when === 'after') await send(synchronous(body));
  cut();
  if (when !== 'late') return;
  await sleep(delayMs);
  await send(body);
}

/** TExecuteStatementReq.runAsync in Thrift's binary protocol: type bool, field 4, true → false. @param {Buffer} body */
function synchronous(body) {
  const at = body.lastIndexOf(Buffer.from([2, 0, 4, 1]));
  if (!body.includes('ExecuteStatement') || at === -1) return body;
  const changed = Buffer.from(body);
  changed[at + 3] = 0;
  return changed;
}

/**
 * The same request for a statement that fails with the reason, as Spark itself reports what a rights manager refuses.
 * @param {Buffer} body @param {string} reason
 */
export function refused(body, reason) {
  const statement = Buffer.from(`SELECT raise_error('${reason.replaceAll("'", "\\'")}')`);
  // TExecuteStatementReq.statement in Thrift's binary protocol: type string, field 2, the length, the text
  for (let at = body.indexOf(STATEMENT); at >= 0; at = body.indexOf(STATEMENT, at + 1)) {
    const text = at + STATEMENT.length + 4;
    const length = body.length >= text ? body.readInt32BE(at + STATEMENT.length) : -1;
    if (length < 0 || text + length > body.length || !/^\s*[A-Z]/.test(body.toString('latin1', text, text + 20)))
      continue;
    const size = Buffer.alloc(4);
    size.writeInt32BE(statement.length);
    return Buffer.concat([body.subarray(0, text - 4), size, statement, body.subarray(text + length)]);
  }
  throw new Error('the request executes no statement');
}

const STATEMENT = Buffer.from([11, 0, 2]);

/** @param {import('node:http').IncomingMessage} request */
export async function bodyOf(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}
