// Singer targets of others that write to this machine: to DuckDB, JSON lines, CSV.
import { join } from 'node:path';
import { installed } from './venv.mjs';
import { writeConfig } from './write-config.mjs';

export const targetDuckdb = loader('target-duckdb', 'target-duckdb==0.8.0', 'target-duckdb', (folder) => ({
  // not named after the schema: DuckDB would take the name for either
  path: join(folder, 'loaded.duckdb'),
  default_target_schema: 'main',
  temp_dir: folder,
}));

export const targetJsonl = loader('target-jsonl', 'target-jsonl==0.1.4', 'target-jsonl', (folder) => ({
  destination_path: folder,
}));

export const targetCsv = loader('Meltano SDK target-csv', 'meltanolabs-target-csv==0.5.0', 'target-csv', (folder) => ({
  output_path: folder,
  file_naming_scheme: '{stream_name}.csv',
}));

function loader(name, requirement, executable, configFor) {
  /** @param {{ path: string, rows: number }} input @returns {Promise<import('../measure.mjs').Task>} */
  return async ({ path, rows }) => {
    const bin = await installed(requirement);
    return {
      name,
      rows,
      input: path,
      command: async (folder) => [join(bin, executable), '--config', await writeConfig(folder, configFor(folder))],
    };
  };
}
