// The options that say how the tables of streams are called, for every command that needs these names.
import type { ResolvedOptions } from '../config/index.ts';
import type { TableNameOptions } from '../schema/names.ts';

export const tableNameOptions = (options: ResolvedOptions): TableNameOptions => ({
  defaultTargetSchema: options.default_target_schema,
  schemaMapping: options.schema_mapping,
  catalog: options.destination === 'iomete' ? options.catalog : undefined,
});
