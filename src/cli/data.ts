import { type Problem, SeqlabError, toPlainError } from '../core/errors.js'
import { loadDataset } from '../data/load.js'
import type { Dataset } from '../data/types.js'
import { canonicalJson } from '../spec/hash.js'
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
  const found = new Map<string, Problem>()
  for (const spec of specs) {
    try {
      await reader.read(spec)
    } catch (error) {
      for (const problem of problemsOf(error, spec)) found.set(JSON.stringify(problem), problem)
    }
  }
  return [...found.values()]
}

function problemsOf(error: unknown, { file }: LoadedSpec): readonly Problem[] {
  const { code, message, problems, hint } = toPlainError(error)
  if (code === 'internal') throw error
  if (problems.length > 0) return problems.map((problem) => ({ place: { file }, ...problem }))
  return [{ path: 'data', message, ...(hint === undefined ? {} : { hint }), place: { file } }]
}
