#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8';

// what the main thread allocates is short-lived or outside of its heap: a young generation that grows only raises the peak
setFlagsFromString('--semi-space-growth-factor=1');

const { main } = await import('../dist/command/cli.js');
await main(process.argv.slice(2));
