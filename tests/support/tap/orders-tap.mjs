#!/usr/bin/env node
// A tap of orders: node orders-tap.mjs [--rows 1000000] [--seed 42]
import { parseArgs } from 'node:util';
import { orderLines } from './orders.mjs';
import { flush, put } from './output.mjs';

const { values } = parseArgs({
  options: { rows: { type: 'string', default: '1000000' }, seed: { type: 'string', default: '42' } },
});

for (const line of orderLines(Number(values.rows), Number(values.seed))) {
  const wait = put(`${line}\n`);
  if (wait) await wait;
}
await flush();
