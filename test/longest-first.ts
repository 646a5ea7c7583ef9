import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take a minute and more: begun last, one of them would run alone at the end. */
const long = [
  'test/e2e/kill/kill.test.ts',
  'test/e2e/up.test.ts',
  'test/workflows/batch.test.ts',
  'test/cli/main.test.ts',
  'test/store/plans.test.ts',
  'test/outlook/rehearsed.test.ts',
  'test/cli/agreement.test.ts',
  'test/cli/ops.test.ts',
  'test/workflows/reset.test.ts',
  'test/e2e/rehearsed.test.ts',
  'test/fire/fire.test.ts',
];

/** The longest files first, so that all workers come to their end together. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const rank = ({ moduleId }: TestSpecification) => {
      const index = long.findIndex(name => moduleId.endsWith(name));
      return index === -1 ? long.length : index;
    };
    return sorted.toSorted((a, b) => rank(a) - rank(b));
  }
}
