// Arbitrary objects that look like the JSON Schemas of taps, right and wrong ones.
import fc from 'fast-check';

const names = fc.constantFrom(
  'id',
  'ID',
  'a',
  'b',
  'a__b',
  'a,b',
  'a_b',
  '',
  ' a',
  '_sdc_deleted_at',
  '__proto__',
  'é',
);
const types = fc.constantFrom(
  'null',
  'boolean',
  'integer',
  'number',
  'string',
  'object',
  'array',
  'date-time',
  7,
  null,
);
const refs = fc.constantFrom('#', '#/definitions/a', '#/definitions/b', '#/properties/a', '#/nowhere', '#/%', 3);
const numbers = fc.oneof(fc.double(), fc.constantFrom(0.01, 1e-38, 2 ** 63, 2 ** 64), fc.constant('1'));

const junk = fc.constantFrom(null, true, false, 0, 1.5, 2 ** 64, 'x', '', [], [1], {}, { a: {} });
const few = { maxKeys: 3 };

const { node } = fc.letrec<{ node: unknown }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'xsmall', maxDepth: 3 },
    junk,
    fc.record(
      {
        type: fc.oneof(types, fc.array(types, { maxLength: 4 })),
        format: fc.constantFrom('date-time', 'date', 'time', 'x-singer.decimal', 'uuid', 1),
        properties: fc.oneof({ weight: 5, arbitrary: fc.dictionary(names, tie('node'), few) }, junk),
        items: tie('node'),
        anyOf: fc.array(tie('node'), { maxLength: 3 }),
        oneOf: fc.array(tie('node'), { maxLength: 3 }),
        allOf: fc.array(tie('node'), { maxLength: 3 }),
        definitions: fc.dictionary(names, tie('node'), few),
        $ref: refs,
        enum: fc.oneof(fc.array(junk, { maxLength: 3 }), fc.constant('x')),
        const: junk,
        minimum: numbers,
        maximum: numbers,
        exclusiveMaximum: fc.oneof(numbers, fc.boolean()),
        multipleOf: numbers,
        precision: numbers,
        scale: numbers,
        additionalProperties: fc.oneof(fc.boolean(), fc.constant({ scale_precision: '(12,2)' })),
      },
      { requiredKeys: [] },
    ),
  ),
}));

/** A root schema: mostly with properties, and with definitions that its references may name. */
export const jsonSchemas: fc.Arbitrary<unknown> = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.record({
      properties: fc.dictionary(names, node, { maxKeys: 5 }),
      definitions: fc.dictionary(names, node, { maxKeys: 5 }),
    }),
  },
  { weight: 1, arbitrary: node },
);
