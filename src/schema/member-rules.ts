// A stream's JSON Schema → what it says of fields that it does not declare, in the record and in objects that are flattened.
import { TargetError } from '../errors/target-error.ts';
import { type ColumnOptions, chosenTypeOf } from './columns.ts';
import { flattenedObjects } from './flatten.ts';
import { isJsonObject, type JsonObject, listOf, maxSchemaDepth, resolveRef } from './json-schema.ts';
import type { MemberRule, UndeclaredRule, Verdict } from './model.ts';
import { matchesName } from './name-pattern.ts';
import { valueSetOf } from './value-set.ts';

type Path = readonly string[];
type VerdictOf = (schema: unknown) => Verdict;

/** @throws TargetError INPUT_SCHEMA_INVALID for a pattern that is no regular expression */
export function undeclaredRule(root: unknown, options: Omit<ColumnOptions, 'metadata'>): UndeclaredRule {
  const read: VerdictOf = (schema) => {
    if (schema === false) return 'none';
    return isJsonObject(schema) && Object.keys(schema).length > 0 ? chosenTypeOf(schema, root, options) : undefined;
  };
  const objects = [{ path: [] as Path, schema: root }, ...flattenedObjects(root, options.flattenMaxLevel)];
  const rules = objects.map(({ path, schema }) => [keyOf(path), memberRule(schema, root, read, path)] as const);
  return { objects: new Map(rules.filter(([, rule]) => saysSomething(rule))), numbers: options.numberType ?? 'double' };
}

/**
 * @param path of a field that no SCHEMA declares
 * @throws TargetError INPUT_SCHEMA_INVALID for a pattern that takes too long on the field's name
 */
export function verdictOf({ objects }: UndeclaredRule, path: Path): Verdict {
  const rule = objects.get(keyOf(path.slice(0, -1)));
  const matching = rule?.patterns.find(({ pattern }) => matchesName(pattern, path.at(-1)!));
  return matching === undefined ? rule?.others : matching.verdict;
}

const keyOf = (path: Path): string => JSON.stringify(path);

const saysSomething = ({ patterns, others }: MemberRule): boolean => patterns.length > 0 || others !== undefined;

function memberRule(schema: unknown, root: unknown, read: VerdictOf, path: Path): MemberRule {
  const parts = partsOf(schema, root, 0);
  const verdicts = parts.map((part) => read(part.additionalProperties ?? part.unevaluatedProperties));
  return {
    patterns: parts.flatMap(({ patternProperties }) =>
      Object.entries(isJsonObject(patternProperties) ? patternProperties : {}).map(([source, value]) => ({
        pattern: compiled(source, path),
        verdict: read(value),
      })),
    ),
    others: verdicts.includes('none') ? 'none' : verdicts.find((verdict) => verdict !== undefined),
  };
}

/** The schemas that an object meets all at once. Of several alternatives none is sure to be met. */
function partsOf(schema: unknown, root: unknown, depth: number): readonly JsonObject[] {
  if (!isJsonObject(schema) || depth > maxSchemaDepth) return [];
  const objects = [listOf(schema.anyOf), listOf(schema.oneOf)].map((branches) =>
    branches.filter((branch) => valueSetOf(branch, root).object),
  );
  const further = [
    resolveRef(schema.$ref, root),
    ...listOf(schema.allOf),
    ...objects.flatMap((branches) => (branches.length === 1 ? branches : [])),
  ];
  return [schema, ...further.flatMap((part) => partsOf(part, root, depth + 1))];
}

function compiled(source: string, path: Path): RegExp {
  try {
    return new RegExp(source, 'u');
  } catch (error) {
    const detail = `the pattern ${JSON.stringify(source)} of "patternProperties" is no regular expression of JavaScript: ${(error as Error).message}`;
    throw new TargetError('INPUT_SCHEMA_INVALID', detail, { column: path.join('.') || undefined });
  }
}
