// Every command, declared once: its words, its flags and its line of help. cli.ts says what each one runs.

export const commandFlags = {
  config: { placeholder: 'FILE', text: 'options as JSON or YAML; may be repeated, later files win; ENV: none' },
  input: { placeholder: 'FILE', text: 'read messages from a file instead of stdin' },
  'tap-catalog': { placeholder: 'FILE', text: 'read the streams of a tap from its catalog, instead of messages' },
  format: { placeholder: 'FORMAT', text: 'form of the answer' },
  remove: { text: 'remove what is listed' },
  'dry-run': { text: 'change nothing, which is the default' },
  about: { text: 'the same as the command about' },
  version: { text: 'name and version' },
  help: { text: 'this text' },
} as const satisfies Readonly<Record<string, { readonly placeholder?: string; readonly text: string }>>;

export type CommandFlag = keyof typeof commandFlags;

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

export interface CommandDeclaration {
  /** What follows its name, for people. */
  readonly words?: string;
  readonly summary: string;
  /** More of it, for its own page of help. */
  readonly details: string;
  /** Those that not every command has. */
  readonly flags: readonly CommandFlag[];
  /** The values of `--format`; the first is the default. */
  readonly formats?: readonly string[];
}

export const commandDeclarations = {
  check: {
    flags: ['format'],
    formats: ['text', 'json'],
    summary: 'do once all that a run needs, say what works, and undo it',
    details:
      'Writes, lists, reads and deletes a file of the stage, connects, and makes, fills, changes and drops a table in each target schema. The step that fails says why, and how to mend it. Ends with the exit code that a run would have.',
  },
  plan: {
    flags: ['input', 'tap-catalog', 'format'],
    formats: ['text', 'json'],
    summary: 'say what a run would do to tables, and change nothing',
    details:
      'Reads the SCHEMA messages of a tap, or its catalog, and prints for each stream the table, the statements that make or change the table, and what "schema_contract" refuses. Ends with the exit code of the first stream that would be refused.',
  },
  clean: {
    flags: ['remove', 'dry-run'],
    summary: 'list what runs that were killed have left behind',
    details:
      'Staged files, unfinished uploads and staging tables. Runs that are alive are skipped. Without --remove nothing is changed.',
  },
  reset: {
    words: 'STREAM...',
    flags: ['remove', 'dry-run'],
    summary: 'list the tables of streams that are to be loaded anew',
    details: 'With --remove the tables are dropped, and the bookmarks of the streams in "state_file" emptied.',
  },
  about: {
    flags: ['format'],
    formats: ['text', 'json', 'markdown'],
    summary: 'what this target is and can do; also --about',
    details: 'In the words that Meltano and other runners of Singer understand.',
  },
  completion: {
    words: 'SHELL',
    flags: [],
    summary: 'print a script that completes flags in a shell',
    details:
      'bash: source <(target-iomete completion bash), in ~/.bashrc. zsh: the same with zsh, in ~/.zshrc. fish: target-iomete completion fish > ~/.config/fish/completions/target-iomete.fish.',
  },
} as const satisfies Readonly<Record<string, CommandDeclaration>>;

export type CommandWord = keyof typeof commandDeclarations;

/** What may be asked for in the place of a run, by a word. */
export const commandWords = Object.keys(commandDeclarations) as CommandWord[];

export const commandOf = (name: CommandWord): CommandDeclaration => commandDeclarations[name];

/** A flag as people write it, with what follows it. */
export function flagUsage(flag: CommandFlag): string {
  const { placeholder } = commandFlags[flag] as { readonly placeholder?: string };
  return `--${flag}${placeholder === undefined ? '' : ` ${placeholder}`}`;
}
