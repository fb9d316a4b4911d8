// Where runs in this process put the states that their test does not look at: the reporter has standard output.
import { openSync } from 'node:fs';
import { devNull } from 'node:os';

export const unreadStates: number = openSync(devNull, 'w');
