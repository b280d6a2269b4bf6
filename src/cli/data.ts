import { type Problem, SeqlabError, toPlainError } from '../core/errors.js'
import { loadDataset } from '../data/load.js'
import type { Dataset } from '../data/types.js'
import { defaultLimits } from '../runner/limits.js'
import { placeOf } from '../spec/document/nodes.js'
import { canonicalJson } from '../spec/hash.js'
import { preflight } from '../spec/plan/preflight.js'
import { taskNamed } from '../spec/plan/rules.js'
import type { LoadedSpec } from '../spec/types.js'

/** Reads the data of specs; specs with the same data options share one reading. */
export interface DataReader {
  read(spec: LoadedSpec): Promise<Dataset>
}

export function createDataReader(): DataReader {
  const loaded = new Map<string, Promise<Dataset>>()
  return {
    read: ({ spec, baseDir }) => {
      const task = taskNamed(spec.task.type)
      if (task === undefined) throw new SeqlabError('internal', `There is no task "${spec.task.type}"`)
      const key = canonicalJson([spec.data, task.sides, baseDir])
      const dataset = loaded.get(key) ?? loadDataset(spec.data, task.sides, { baseDir })
      loaded.set(key, dataset)
      return dataset
    },
  }
}

/** Which specs' data can be read, and what is wrong with the others'; each mistake once. */
export async function readAll(
  specs: readonly LoadedSpec[],
  reader: DataReader,
): Promise<{ readonly read: ReadonlyMap<LoadedSpec, Dataset>; readonly problems: readonly Problem[] }> {
  const read = new Map<LoadedSpec, Dataset>()
  const problems: Problem[] = []
  for (const spec of specs) {
    try {
      read.set(spec, await reader.read(spec))
    } catch (error) {
      problems.push(...problemsOf(error, spec))
    }
  }
  return { read, problems: once(problems) }
}

/** Everything that only the data can tell: what is wrong with them, and what of the specs does not fit them. */
export async function mistakesOnData(
  specs: readonly LoadedSpec[],
  reader: DataReader,
  { seeds, unsolved, memoryBytes = defaultLimits.hostBytes }: OnData = {},
): Promise<readonly Problem[]> {
  const { read, problems: unread } = await readAll(specs, reader)
  const limits = { memoryBytes: unsolved ? Number.POSITIVE_INFINITY : memoryBytes, ...(seeds && { seeds }) }
  const found: Found[] = []
  for (const [loaded, data] of read) {
    const problems = await preflight(loaded, data, limits)
    found.push(...problems.map((problem) => ({ problem, label: loaded.label })))
  }
  return [...unread, ...byVariant(found, specs.length)]
}

export interface OnData {
  readonly seeds?: readonly number[] | undefined
  /** Sizes are still to be solved for: the memory that a trial needs is not known then. */
  readonly unsolved?: boolean | undefined
  /** What a trial may take. */
  readonly memoryBytes?: number
}

interface Found {
  readonly problem: Problem
  readonly label: string
}

/** Each mistake once; one that not every variant has says which do. */
function byVariant(found: readonly Found[], variants: number): readonly Problem[] {
  const problems = once(found.map(({ problem }) => problem))
  return problems.map((problem) => {
    const key = JSON.stringify(problem)
    const labels = found.filter((each) => JSON.stringify(each.problem) === key).map(({ label }) => `"${label}"`)
    if (labels.length === variants) return problem
    const shown = labels.length > 3 ? [...labels.slice(0, 3), `${labels.length - 3} more`] : labels
    return { ...problem, message: `${problem.message} (${shown.join(', ')})` }
  })
}

function once(problems: readonly Problem[]): readonly Problem[] {
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()]
}

function problemsOf(error: unknown, { written }: LoadedSpec): readonly Problem[] {
  const { code, message, problems, hint } = toPlainError(error)
  if (code === 'internal') throw error
  if (problems.length > 0)
    return problems.map((problem) => ({ place: placeOf(written, placedBy(problem.path)), ...problem }))
  return [{ path: 'data', message, ...(hint === undefined ? {} : { hint }), place: placeOf(written, placedBy('data')) }]
}

/** What is wrong with data as a whole is wrong with where they come from. */
function placedBy(path: string): string {
  return path === 'data' ? 'data.source' : path
}
