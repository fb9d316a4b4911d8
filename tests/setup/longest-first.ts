// The files that take longest begin first, so that none of them is left over for one worker while the other has nothing.
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Those of more than 40 seconds, the longest first. */
const longest = [
  'suite/suite',
  'acceptance/fixtures',
  'destination/iomete/exactly-once',
  'faults/lakehouse-faults',
  'names/kept-names',
  'types/types',
  'acceptance/crash',
  'integration/schema-variations',
  'acceptance/further-inputs',
  'integration/undeclared-fields',
  'acceptance/clean',
  'acceptance/secrecy',
  'properties/keys',
  'integration/existing-tables',
  'integration/schema-contract',
  'integration/keys-of-tables',
  'properties/arrives',
  'nested/nested-evolution',
  'acceptance/stage-formats',
  'destination/iomete/branch-load',
];

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const at = longest.findIndex((name) => moduleId.endsWith(`/tests/${name}.test.ts`));
      return at === -1 ? longest.length : at;
    };
    return (await super.sort(files)).toSorted((one, other) => place(one) - place(other));
  }
}
