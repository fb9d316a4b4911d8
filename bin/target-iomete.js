#!/usr/bin/env node
// Node versions since 12 can read this file: an old one says what is needed, instead of failing somewhere in the program.
// So: no static import, no top-level await, no syntax newer than 2019.
const needed = [20, 19];
const [major, minor] = process.versions.node.split('.').map(Number);

if (major > needed[0] || (major === needed[0] && minor >= needed[1])) {
  void start();
} else {
  process.stderr.write(
    `ERROR target-iomete needs Node.js ${needed.join('.')} or newer, and this is Node.js ${process.versions.node} (${process.execPath}). ` +
      'Install a newer one from https://nodejs.org, then run target-iomete again.\n',
  );
  process.exitCode = 2;
}

async function start() {
  const { setFlagsFromString } = await import('node:v8');
  // what the main thread allocates is short-lived or outside of its heap: a young generation that grows only raises the peak
  setFlagsFromString('--semi-space-growth-factor=1');
  const { main } = await import('../dist/command/cli.js');
  await main(process.argv.slice(2));
}
