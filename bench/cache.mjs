// The user's cache → the folder where peers and inputs of benches are kept.
import { homedir } from 'node:os';
import { join } from 'node:path';

export const cacheFolder = () =>
  join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'target-iomete', 'bench-peers');
