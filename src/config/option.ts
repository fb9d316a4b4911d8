// What a declared option is made of, and how its declaration becomes the TypeScript type of its value.

/** One word for all of what the object says piece by piece. */
interface WordOrObject {
  readonly anyOf: readonly [
    Extract<ValueSchema, { readonly type: 'string' }>,
    Extract<ValueSchema, { readonly type: 'object' }>,
  ];
}

/** The part of JSON Schema in which values of options are described. */
export type ValueSchema =
  | WordOrObject
  | { readonly type: 'boolean' }
  | { readonly type: 'integer'; readonly minimum?: number; readonly maximum?: number }
  | { readonly type: 'string'; readonly enum?: readonly string[]; readonly pattern?: string }
  | { readonly type: 'array'; readonly items: { readonly type: 'string' } }
  | {
      readonly type: 'object';
      readonly properties?: Readonly<Record<string, ValueSchema>>;
      readonly required?: readonly string[];
      readonly additionalProperties?: ValueSchema | false;
    };

export const optionGroups = {
  destination: 'Destination',
  lakehouse: 'Lakehouse',
  stage: 'S3 stage',
  duckdb: 'DuckDB',
  tables: 'Schemas and tables',
  batches: 'Batches and speed',
} as const;

export interface OptionDeclaration {
  readonly group: keyof typeof optionGroups;
  readonly schema: ValueSchema;
  /** Sentences for people: what the option does, and its unit. */
  readonly description: string;
  readonly default?: string | number | boolean;
  /** Set instead of `default` when the default depends on the machine or on other options: says in words what it is. */
  readonly derivedDefault?: string;
  /** What a value must be, in words that complete "must be …"; needed where the schema alone reads badly. */
  readonly expects?: string;
  /** The value never appears in a message, a log or `--about`. */
  readonly secret?: true;
  /** Another name that is understood wherever the option's own name is. */
  readonly alias?: string;
  readonly required?: {
    /** The destination that can't do without the option. */
    readonly destination: string;
    /** An option that gives this one its value when it is not set itself. */
    readonly from?: string;
    /** An option that makes this one unnecessary. */
    readonly unless?: string;
  };
}

/** The type of the values that a schema accepts. */
type ValueOf<Schema> = Schema extends { readonly anyOf: readonly (infer Choice)[] }
  ? ValueOf<Choice>
  : Schema extends { readonly enum: readonly (infer Choice)[] }
    ? Choice
    : Schema extends { readonly type: 'boolean' }
      ? boolean
      : Schema extends { readonly type: 'integer' }
        ? number
        : Schema extends { readonly type: 'string' }
          ? string
          : Schema extends { readonly type: 'array' }
            ? readonly string[]
            : Schema extends { readonly additionalProperties: false; readonly properties: infer Properties }
              ? { readonly [Name in keyof Properties]?: ValueOf<Properties[Name]> }
              : Schema extends { readonly additionalProperties: infer Entry }
                ? { readonly [name: string]: ValueOf<Entry> }
                : Schema extends { readonly properties: infer Properties }
                  ? { readonly [Name in keyof Properties]: ValueOf<Properties[Name]> }
                  : never;

type HasDefault = { readonly default: unknown } | { readonly derivedDefault: string };

/** The values of all declared options once defaults are filled in. */
export type ValuesOf<Declarations extends Readonly<Record<string, OptionDeclaration>>> = {
  readonly [Name in keyof Declarations as Declarations[Name] extends HasDefault ? Name : never]: ValueOf<
    Declarations[Name]['schema']
  >;
} & {
  readonly [Name in keyof Declarations as Declarations[Name] extends HasDefault ? never : Name]?:
    | ValueOf<Declarations[Name]['schema']>
    | undefined;
};

/** The names of options that a valid configuration for this destination always holds, though they have no default. */
export type RequiredBy<Declarations extends Readonly<Record<string, OptionDeclaration>>, Destination> = {
  [Name in keyof Declarations]: Declarations[Name] extends { readonly required: infer Rule }
    ? Rule extends { readonly unless: string }
      ? never
      : Rule extends { readonly destination: Destination }
        ? Name
        : never
    : never;
}[keyof Declarations];
