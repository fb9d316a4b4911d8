// A RECORD message, as the Singer specification has it.
import type { MessageLine } from '../record-line.ts';

export const recordLine = {
  kind: 'message',
  type: { key: 'type', value: 'RECORD' },
  stream: 'stream',
  record: 'record',
  extractedAt: { key: 'time_extracted', form: 'date-time' },
  version: 'version',
} as const satisfies MessageLine;
