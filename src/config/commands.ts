// Every command, declared once: its words, its flags and its line of help. cli.ts says what each one runs.

export const commandFlags = {
  config: { placeholder: 'FILE', text: 'configuration as a JSON object; may be repeated, later files win' },
  input: { placeholder: 'FILE', text: 'read messages from a file instead of stdin' },
  format: { placeholder: 'FORMAT', text: 'form of the answer: text or json, and markdown for about' },
  remove: { text: 'remove what is listed' },
  'dry-run': { text: 'change nothing, which is the default' },
  about: { text: 'the same as the command about' },
  version: { text: 'name and version' },
  help: { text: 'this text' },
} as const satisfies Readonly<Record<string, { readonly placeholder?: string; readonly text: string }>>;

export type CommandFlag = keyof typeof commandFlags;

export interface CommandDeclaration {
  /** What follows its name, in the words of yargs; `..` stands for several. */
  readonly words?: string;
  readonly summary: string;
  /** Those that not every command has. */
  readonly flags: readonly CommandFlag[];
}

export const commandDeclarations = {
  about: { flags: ['format'], summary: 'what this target is and can do' },
  check: { flags: ['format'], summary: 'do once all that a run needs, say what works, and undo it' },
  clean: { flags: ['remove', 'dry-run'], summary: 'list what runs that were killed have left behind' },
  reset: {
    words: '[stream..]',
    flags: ['remove', 'dry-run'],
    summary: 'list the tables of streams that are to be loaded anew',
  },
} as const satisfies Readonly<Record<string, CommandDeclaration>>;

export type CommandWord = keyof typeof commandDeclarations;

/** What may be asked for in the place of a run, by a word. */
export const commandWords = Object.keys(commandDeclarations) as CommandWord[];

export const commandOf = (name: CommandWord): CommandDeclaration => commandDeclarations[name];
