// Spark's error text (a Java stack trace) → its error class, and one line of it that is fit to be shown.

export interface ServerError {
  /** Spark's own name for the error, such as `TABLE_OR_VIEW_NOT_FOUND`; older errors have none. */
  readonly errorClass: string | undefined;
  /** One line, without values of rows. */
  readonly line: string;
}

export function readServerText(serverText: string): ServerError {
  const headline = headlineOf(serverText);
  const named = /^(?:[\w.$]+: )*\[([A-Z_][A-Z0-9_.]*)\] ?([\s\S]*)$/.exec(deepest(headline));
  const errorClass = named?.[1];
  const text = firstLine(named?.[2] ?? headline);
  const shown = isAboutStatement(headline) ? text : withoutValues(text);
  const line = errorClass === undefined ? shown : `[${errorClass}] ${shown}`;
  return { errorClass, line: shorten(line.trim()) };
}

/** The time that a pattern takes must grow no faster than the text, which may be long: none here tries a run of characters twice. */
const maxLineLength = 400;

/** Without the stack, and without the frames that every answer comes in. */
function headlineOf(serverText: string): string {
  const stack = /(?<!\s)[^\S\n]*\n\s+at |\nCaused by: /.exec(serverText);
  const beforeStack = serverText.slice(0, stack?.index);
  const repeated = /^\[([A-Z0-9_.]+)\] (?=[\w.$]+(?:Exception|Error):\s+\[\1\])/;
  return beforeStack
    .replace(/^[\w.$]+HiveSQLException: /, '')
    .replace(/^Error running query: /, '')
    .replace(repeated, '');
}

/** A failed task's own error stands at the end of a line about the job. */
function deepest(headline: string): string {
  const task = headline.indexOf('Lost task ');
  const end = task < 0 ? -1 : headline.indexOf('): ', task);
  return (end < 0 ? headline : headline.slice(end + 3)).replace(/(?<=Exception|Error):\s+\[/g, ': [');
}

const firstLine = (text: string): string => text.trim().split('\n')[0] ?? '';

/** Refused before it ran: such a text quotes the statement, which holds names only. Texts of S3 hold paths. */
const isAboutStatement = (headline: string): boolean =>
  /(?:Analysis|Parse|NoSuch\w+|AlreadyExists|Namespace\w*|AccessControl|AccessDenied|Authorization|UnknownStore|AmazonS3)Exception/.test(
    headline.slice(0, 300),
  );

const typeName = /"((?:BOOLEAN|TINYINT|SMALLINT|INT|BIGINT|FLOAT|DOUBLE|STRING|DATE|TIMESTAMP|DECIMAL\([\d, ]+\)))"/g;

/** A value may hold quotes and brackets itself, so everything between the first and the last goes. */
function withoutValues(text: string): string {
  return text
    .replace(typeName, '$1')
    .replace(/\[.*$/s, '…')
    .replace(/'.*'|'.*$/s, '…')
    .replace(/".*"|".*$/s, '…')
    .replace(/(DECIMAL\([\d, ]+\))|\S+/g, (word, type?: string) => (type || !/\d/.test(word) ? word : '…'));
}

/** Words stay whole or go: of a secret that was cut in two the half would not be recognised, and be shown. */
function shorten(line: string): string {
  if (line.length <= maxLineLength) return line;
  const end = line.lastIndexOf(' ', maxLineLength);
  return `${line.slice(0, end + 1).trimEnd()}…`;
}
