// A JSON Schema as taps write it → a function that says whether a record keeps to it.
import { createRequire } from 'node:module';
import type { Ajv, KeywordErrorDefinition, ValidateFunction } from 'ajv';
import type { JsonObject } from '../schema/json-schema.ts';
import { addColumnFormats } from './column-formats.ts';
import { isOfOtherDraft, type SchemaFault, schemaFault } from './schema-fault.ts';
import { areUnique } from './unique-items.ts';

export interface CompiledSchema {
  readonly validate: ValidateFunction;
  /** A schema of ours, which may refer to parts of the first as {@link wholeSchema}`#/…`. */
  compileBeside(schema: JsonObject): ValidateFunction;
}

/** What a schema that is compiled beside the first calls the first. */
export const wholeSchema = 'whole';

const require = createRequire(import.meta.url);
// a record inherits `constructor` and the like, which are none of its properties
const options = { strict: false, allErrors: false, validateFormats: true, logger: false, ownProperties: true } as const;
type AjvClass = new (settings: typeof options) => Ajv;
// classes, for `new` to stand before a name: TypeScript 7.0.2 writes `new (require(…)).Ajv()` without its parentheses
const draft04 = () => (require('ajv-draft-04') as typeof import('ajv-draft-04')).default as unknown as AjvClass;
const draft07 = (): AjvClass => (require('ajv') as typeof import('ajv')).Ajv;
const drafts: readonly (readonly [string, () => AjvClass])[] = [
  ['draft-04', draft04],
  ['2019-09', () => (require('ajv/dist/2019') as typeof import('ajv/dist/2019.js')).Ajv2019],
  ['2020-12', () => (require('ajv/dist/2020') as typeof import('ajv/dist/2020.js')).Ajv2020],
];

/**
 * Taps name a draft that they don't follow, or none: `exclusiveMinimum: true` of draft-04 comes with any `$schema`.
 * @returns what is wrong with a schema that no draft takes
 * @throws RangeError for a schema that is nested too deeply
 */
export function compileSchema({ $schema, ...schema }: JsonObject): CompiledSchema | SchemaFault {
  const named = drafts.find(([name]) => typeof $schema === 'string' && $schema.includes(name))?.[1] ?? draft07;
  const faults: SchemaFault[] = [];
  for (const load of new Set([named, draft04])) {
    const Validator = load();
    const ajv = prepared(new Validator(options), load === draft04);
    try {
      return compiledBy(ajv, { ...schema, type: 'object' });
    } catch (error) {
      if (error instanceof RangeError) throw error;
      faults.push(schemaFault(schema, error, ajv.errors ?? undefined));
    }
  }
  return faults.find((fault) => !isOfOtherDraft(fault)) ?? faults[0]!;
}

function compiledBy(ajv: Ajv, schema: JsonObject): CompiledSchema {
  const validate = ajv.compile(schema);
  const compileBeside = (other: JsonObject) => {
    if (!ajv.getSchema(wholeSchema)) ajv.addSchema(schema, wholeSchema);
    return ajv.compile(other);
  };
  return { validate, compileBeside };
}

function prepared(ajv: Ajv, isDraft04: boolean): Ajv {
  const formats = require('ajv-formats') as typeof import('ajv-formats');
  (formats.default as unknown as (ajv: Ajv) => void)(ajv);
  addColumnFormats(ajv);
  // ajv's own divides doubles, so that 4.35 is no multiple of 0.01
  ajv.removeKeyword('multipleOf');
  const error = message('be a multiple of');
  ajv.addKeyword({ keyword: 'multipleOf', type: 'number', schemaType: 'number', validate: isMultiple, error });
  ajv.removeKeyword('uniqueItems');
  ajv.addKeyword({
    keyword: 'uniqueItems',
    type: 'array',
    schemaType: 'boolean',
    validate: (isAsked: boolean, items: readonly unknown[]) => !isAsked || areUnique(items),
    error: { message: 'must NOT have duplicate items' },
  });
  for (const [end, sign, word] of bounds) addExclusiveBound(ajv, isDraft04, { end, sign, word });
  return ajv;
}

/** Up to the precision of a double: digits beyond a decimal's scale are refused where it is encoded, exactly. */
function isMultiple(factor: number, value: number): boolean {
  const quotient = value / factor;
  if (!Number.isFinite(quotient)) return true;
  return Math.abs(quotient - Math.round(quotient)) <= Math.abs(quotient) * 2 * Number.EPSILON;
}

const bounds = [
  ['Maximum', 1, '<'],
  ['Minimum', -1, '>'],
] as const;

/** An integer beyond 2^53 that is below its bound may be parsed as the same double: the two can't be told apart. */
function addExclusiveBound(
  ajv: Ajv,
  isDraft04: boolean,
  { end, sign, word }: { readonly end: string; readonly sign: number; readonly word: string },
): void {
  const isWithin = (limit: number, value: number) =>
    (limit - value) * sign > 0 || (value === limit && Math.abs(limit) > Number.MAX_SAFE_INTEGER);
  const about = { type: 'number', schemaType: 'number' } as const;
  if (!isDraft04) {
    const keyword = `exclusive${end}`;
    ajv.removeKeyword(keyword);
    ajv.addKeyword({ ...about, keyword, validate: isWithin, error: message(`be ${word}`) });
    return;
  }
  const keyword = end.toLowerCase();
  ajv.removeKeyword(keyword);
  ajv.addKeyword({
    ...about,
    keyword,
    compile: (limit: number, parent) =>
      parent[`exclusive${end}`] === true
        ? (value: number) => isWithin(limit, value)
        : (value: number) => (limit - value) * sign >= 0,
    error: message(`be ${word}`, (parent) => (parent?.[`exclusive${end}`] === true ? '' : '=')),
  });
}

function message(rule: string, more: (parent: JsonObject | undefined) => string = () => ''): KeywordErrorDefinition {
  const { str } = require('ajv') as typeof import('ajv');
  return {
    message: ({ schemaCode, parentSchema }) => str`must ${rule}${more(parentSchema)} ${schemaCode}`,
  };
}
