// Text of a configuration file in YAML → its value, or the place and the cause of what is wrong. Nothing of the text is
// quoted: it may hold secrets.

const causes: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: 'this name stands there twice',
  TAB_AS_INDENT: 'indent with blanks, not with tabs',
  BAD_INDENT: 'the indentation fits no line above',
  MISSING_CHAR: 'a closing quote or bracket is missing',
  MULTIPLE_DOCS: 'a file holds one document',
  BLOCK_AS_IMPLICIT_KEY: 'a value that holds ": " stands in quotes',
  MULTILINE_IMPLICIT_KEY: 'a name and its ":" stand on one line',
  TAG_RESOLVE_FAILED: 'a value that begins with "!" stands in quotes',
  BAD_ALIAS: 'a value that begins with "*" stands in quotes',
};

/** YAML 1.2 core: `yes` and `no` are texts. An empty document is null. The reader is loaded only now. */
export async function parseYaml(text: string): Promise<{ readonly value: unknown } | { readonly error: string }> {
  const { LineCounter, parseDocument } = await import('yaml');
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [problem] = [...document.errors, ...document.warnings];
  if (problem) {
    const { line, col } = lines.linePos(problem.pos[0]);
    const cause = causes[problem.code];
    return { error: `error at line ${line}, column ${col}${cause === undefined ? '' : `: ${cause}`}` };
  }
  try {
    return { value: document.toJS() };
  } catch {
    // only an alias is looked up so late
    return { error: causes.BAD_ALIAS! };
  }
}
