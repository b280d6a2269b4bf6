import { type Problem, SeqlabError, toPlainError } from '../core/errors.js'
import { loadDataset } from '../data/load.js'
import type { Dataset } from '../data/types.js'
import { defaultLimits } from '../runner/limits.js'
import { canonicalJson } from '../spec/hash.js'
import { placeOf } from '../spec/nodes.js'
import { preflight } from '../spec/preflight.js'
import { taskNamed } from '../spec/rules.js'
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

/** What is wrong with the data of any of the specs; each mistake once. */
export async function dataMistakes(specs: readonly LoadedSpec[], reader: DataReader): Promise<readonly Problem[]> {
  const found: Problem[] = []
  for (const spec of specs) {
    await reader.read(spec).catch((error: unknown) => found.push(...problemsOf(error, spec)))
  }
  return once(found)
}

/** Everything that only the data can tell: what is wrong with them, or what of the specs does not fit them. */
export async function mistakesOnData(
  specs: readonly LoadedSpec[],
  reader: DataReader,
  { seeds, memoryBytes = defaultLimits.hostBytes }: { seeds?: readonly number[]; memoryBytes?: number } = {},
): Promise<readonly Problem[]> {
  const unread = await dataMistakes(specs, reader)
  if (unread.length > 0) return unread
  const found: Found[] = []
  for (const loaded of specs) {
    const data = await reader.read(loaded)
    const problems = await preflight(loaded, data, { memoryBytes, ...(seeds && { seeds }) })
    found.push(...problems.map((problem) => ({ problem, label: loaded.label })))
  }
  return byVariant(found, specs.length)
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
