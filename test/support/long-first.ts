import { relative, sep } from 'node:path'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Files that take longest, most of them by starting processes: begun first, so that both workers end together. */
const long: readonly string[] = [
  'cli/commands',
  'conformance/sample',
  'cli/evaluate',
  'train/loop/warm-start',
  'cli/reproduce',
  'spec/ahead',
  'configs/families',
]

/**
 * For vitest: the long files first, the others as it orders them by itself: by their last times, else by their sizes. The
 * files of a project follow each other, because a worker cannot be passed on from one to the other.
 */
export class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId, project }: TestSpecification) => {
      if (project.name === 'alone') return -1
      const name = relative('test', moduleId).split(sep).join('/').replace('.test.ts', '')
      const at = long.indexOf(name)
      return at < 0 ? long.length : at
    }
    return (await super.sort(files)).sort((left, right) => rank(left) - rank(right))
  }
}
