// The files that take longest begin first, so that none of them is left over for one worker while the other has nothing.
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Those of more than 40 seconds, the longest first. */
const longest = [
  'suite/suite',
  'e2e/fixtures',
  'unit/destinations/iomete/exactly-once',
  'faults/lakehouse-faults',
  'suite/names/kept-names',
  'suite/types/types',
  'e2e/crash',
  'e2e/schema-variations',
  'e2e/further-inputs',
  'e2e/undeclared-fields',
  'e2e/clean',
  'e2e/secrecy',
  'fuzz/properties/keys',
  'e2e/existing-tables',
  'e2e/schema-contract',
  'e2e/keys-of-tables',
  'fuzz/properties/arrives',
  'suite/nested/nested-evolution',
  'e2e/stage-formats',
  'unit/destinations/iomete/branch-load',
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
