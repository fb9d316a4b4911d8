// A few words → lines of tap output, for tests in which the values don't matter.

/** The stream `name` has an integer key `id` and a text. */
export const schemaLine = (name: string, key = 'id'): string =>
  line({
    type: 'SCHEMA',
    stream: name,
    schema: { type: 'object', properties: { [key]: { type: 'integer' }, text: { type: ['null', 'string'] } } },
    key_properties: [key],
  });

export const recordLine = (stream: string, id: number, text = `text ${id}`): string =>
  line({ type: 'RECORD', stream, record: { id, text } });

export const recordLines = (stream: string, from: number, to: number, text?: string): string =>
  Array.from({ length: to - from + 1 }, (_, index) => recordLine(stream, from + index, text)).join('');

export const stateLine = (value: unknown): string => line({ type: 'STATE', value });

const line = (message: object): string => `${JSON.stringify(message)}\n`;
