// The options that say which schemas streams are loaded into → these schemas.

export interface TargetSchemaOptions {
  readonly default_target_schema?: string | undefined;
  readonly schema_mapping?: Readonly<Record<string, { readonly target_schema: string }>> | undefined;
}

export function schemasOf({
  default_target_schema: fallback,
  schema_mapping: mapping = {},
}: TargetSchemaOptions): string[] {
  const mapped = Object.values(mapping).map(({ target_schema: schema }) => schema);
  return [...new Set([...(fallback === undefined ? [] : [fallback]), ...mapped])];
}
