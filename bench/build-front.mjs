// The front end alone, bundled as the command is: else it would be charged for the start of a hundred files.
import { join, resolve } from 'node:path';
import { bundle } from '../scripts/bundle.mjs';

await bundle([join(import.meta.dirname, 'front.mjs')], resolve(import.meta.dirname, '../dist/bench'));
