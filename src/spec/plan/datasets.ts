import { canonicalJson } from '../../core/canonical-json.js'
import { type Problem, SeqlabError, toPlainError } from '../../core/errors.js'
import { loadDataset } from '../../data/load.js'
import type { Dataset } from '../../data/types.js'
import { placeOf } from '../document/nodes.js'
import type { LoadedSpec } from '../types.js'
import { taskNamed } from './rules.js'

/** What of a spec its data depend on. */
export interface DataOf extends Pick<LoadedSpec, 'baseDir' | 'written'> {
  readonly spec: Pick<LoadedSpec['spec'], 'task' | 'data'>
}

/** Reads the datasets of specs; specs with the same data options share one. */
export interface DatasetCache {
  /** Throws what data/load.ts throws. */
  read(spec: Omit<DataOf, 'written'>): Promise<Dataset>
}

export function createDatasetCache(): DatasetCache {
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

export interface Read<Spec extends DataOf> {
  readonly datasets: ReadonlyMap<Spec, Dataset>
  /** Why the datasets of the other specs cannot be read. */
  readonly unreadable: ReadonlyMap<Spec, readonly Problem[]>
}

export async function readDatasets<Spec extends DataOf>(
  specs: readonly Spec[],
  cache: DatasetCache,
): Promise<Read<Spec>> {
  const datasets = new Map<Spec, Dataset>()
  const unreadable = new Map<Spec, readonly Problem[]>()
  for (const spec of specs) {
    try {
      datasets.set(spec, await cache.read(spec))
    } catch (error) {
      unreadable.set(spec, problemsOf(error, spec))
    }
  }
  return { datasets, unreadable }
}

/** An error of the data as problems with their places; one of seqlab itself is thrown on. */
function problemsOf(error: unknown, { written }: DataOf): readonly Problem[] {
  const { code, message, problems, hint } = toPlainError(error)
  if (code === 'internal') throw error
  const reported: readonly Problem[] =
    problems.length > 0 ? problems : [{ path: 'data', message, ...(hint && { hint }) }]
  return reported.map((problem) => ({ place: placeOf(written, pathShown(problem.path)), ...problem }))
}

/** What is wrong with data as a whole is wrong with where they come from. */
function pathShown(path: string): string {
  return path === 'data' ? 'data.source' : path
}
