// Text of a configuration file → its options, or what is wrong with the text. Nothing of the text is quoted: it may hold secrets.
import { jsonFault, looksLikeYaml } from './json-fault.ts';
import { parseYaml } from './yaml-config.ts';

type Parsed = { readonly value: unknown } | { readonly error: string };

/** @param path whose ending says whether the text is YAML */
export async function readConfigText(
  text: string,
  path: string,
): Promise<{ readonly options: object } | { readonly fault: string }> {
  const isYaml = /\.ya?ml$/i.test(path);
  const content = text.replace(/^\uFEFF/, '');
  if (text.includes('\0')) return { fault: 'is not UTF-8, but perhaps UTF-16: save it as UTF-8' };
  const example = isYaml ? 'destination: duckdb' : 'a JSON object, such as {"destination": "duckdb"}';
  if (text.trim() === '') return { fault: `is empty: it must hold ${example}` };
  const parsed = isYaml ? await parseYaml(content) : parseJson(content);
  if ('error' in parsed) return { fault: isYaml ? `not YAML: ${parsed.error}` : notJson(content, parsed.error) };
  const kind = kindOf(parsed.value);
  if (kind === 'an object') return { options: parsed.value as object };
  return {
    fault: isYaml ? `must hold options, such as ${example}, not ${kind}` : `must hold a JSON object, not ${kind}`,
  };
}

export function parseJson(text: string): Parsed {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return { error: jsonFault(text) };
  }
}

const notJson = (text: string, fault: string): string =>
  looksLikeYaml(text)
    ? 'looks like YAML: let its name end in .yaml, or write the options as a JSON object'
    : `not JSON: ${fault}`;

/** What a JSON value is, in words. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object') return 'an object';
  return `a ${typeof value}`;
}
