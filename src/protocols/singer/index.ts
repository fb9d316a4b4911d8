// Singer: messages of a tap in, states out.
import type { FrontEnd } from '../front-end.ts';
import { bookmarks } from './bookmarks.ts';
import { SingerFramer } from './framer.ts';
import { recordLine } from './record-line.ts';
import { stateWriter } from './state-writer.ts';

export const singer: FrontEnd = {
  name: 'singer',
  streams: [],
  recordLine,
  bookmarks,
  openFramer: () => new SingerFramer(),
  openOutput: stateWriter,
};
