// The stand-in lakehouse for code in Node: build it, start it, stop it, or put one more gateway before it.

export { openGateway } from './gateway.mjs';
export { readRunning } from './running.mjs';
export { startLakehouse } from './start.mjs';
export { stopLakehouse } from './stop.mjs';
export { ToolMissing } from './tools.mjs';
