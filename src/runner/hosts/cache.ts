// What a thread caches between trials: its engines, the dataset it read last, and the graphs it compiled.
import type { MessagePort } from 'node:worker_threads'
import { fromPlainError } from '../../core/errors.js'
import { type Dataset, sameDigests } from '../../data/types.js'
import { createEngine } from '../../engine/index.js'
import type { Engine } from '../../engine/types.js'
import { graphIdentity, type TrialFunctions, trialFunctions } from '../../train/graph/trial-functions.js'
import type { TrialSettings } from '../../train/types.js'
import type { DatasetReply, EngineChoice, TrialJob, WorkerMessage } from '../messages.js'
import { loadShared } from './load-dataset.js'

export interface Cache {
  /** `warn` is told what the engine reports from now on, until the next call. */
  engine(choice: EngineChoice, warn: (message: string) => void): Promise<Engine>
  /** Asks the host's main thread where this thread has another dataset, and loads it where no thread has yet. */
  dataset(job: TrialJob, port: MessagePort): Promise<Dataset>
  /**
   * Graphs that serve every trial of equal model, data and engine, whatever its seed, learning rate or length. One set is kept:
   * trials of one model follow each other, and a set takes hundreds of megabytes where it has many shapes.
   */
  functions(settings: TrialSettings, dataset: Dataset, engine: Engine): Promise<TrialFunctions>
  /** Drops graphs after an error: what failed half-way is not used again. */
  clear(): Promise<void>
}

export function createCache(): Cache {
  const engines = new Map<string, Promise<Engine>>()
  let graphs: { readonly key: string; readonly functions: TrialFunctions } | undefined
  let dataset: Dataset | undefined
  let report: (message: string) => void = () => {}
  const drop = async () => {
    const last = graphs?.functions
    graphs = undefined
    await last?.dispose()
  }
  return {
    engine: ({ name, ...options }, warn) => {
      report = warn
      const key = JSON.stringify([name, options])
      const engine = engines.get(key) ?? createEngine(name, { ...options, warn: (message) => report(message) })
      engines.set(key, engine)
      return engine
    },
    dataset: async (job, port) => {
      if (dataset === undefined || !sameDigests(dataset.digests, job.digests)) dataset = await wantDataset(job, port)
      return dataset
    },
    functions: async (settings, data, engine) => {
      const key = `${engine.name} ${graphIdentity(settings, data)}`
      if (graphs?.key === key) return graphs.functions
      await drop()
      const functions = trialFunctions(settings, data, engine)
      graphs = { key, functions }
      return functions
    },
    clear: () => drop().catch(() => {}),
  }
}

async function wantDataset(job: TrialJob, port: MessagePort): Promise<Dataset> {
  const reply = await new Promise<DatasetReply>((resolve) => {
    port.once('message', resolve)
    port.postMessage({ kind: 'dataset-wanted' } satisfies WorkerMessage)
  })
  const loaded = reply.kind === 'load' ? await loadShared(job) : reply
  if (reply.kind === 'load') port.postMessage({ kind: 'dataset-loaded', reply: loaded } satisfies WorkerMessage)
  if (loaded.kind === 'no-dataset') throw fromPlainError(loaded.error)
  return loaded.dataset
}
