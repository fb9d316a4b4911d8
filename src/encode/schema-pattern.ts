// A regular expression of a JSON Schema → what is wrong with it, if anything: the patterns are JavaScript's.

const maxShownLength = 60;

/** What Python's expressions have and JavaScript's have not, and how that is written there. */
const ofPython: readonly (readonly [form: RegExp, advice: string])[] = [
  [/\(\?P</, 'write "(?<name>…)" for "(?P<name>…)"'],
  [/\(\?P=/, 'write "\\k<name>" for "(?P=name)"'],
  [/\(\?[aiLmsux]+\)/, 'leave out flags such as "(?i)", and write "[Aa]" where case does not matter'],
  [/\(\?[aiLmsux-]+:/, 'leave out flags such as "(?i:…)", and write "[Aa]" where case does not matter'],
  [/\(\?#/, 'leave out the comment "(?#…)"'],
  [/(^|[^\\])(\\\\)*\\A/, 'write "^" for "\\A"'],
  [/(^|[^\\])(\\\\)*\\[Zz]/, 'write "$" for "\\Z"'],
];

/** @returns undefined for a pattern that can be compiled */
export function patternProblem(pattern: string): string | undefined {
  const problem = syntaxProblem(pattern);
  if (problem === undefined) return undefined;
  const shown = `the pattern ${JSON.stringify(pattern.slice(0, maxShownLength))}`;
  const advice = ofPython.find(([form]) => form.test(pattern))?.[1];
  return advice === undefined
    ? `${shown} is no regular expression of JavaScript: ${problem}`
    : `${shown} is written for Python, and patterns are JavaScript's: ${advice}`;
}

function syntaxProblem(pattern: string): string | undefined {
  try {
    new RegExp(pattern, 'u');
    return undefined;
  } catch (error) {
    const { message } = error as Error;
    return message.slice(message.lastIndexOf(': ') + 2);
  }
}
