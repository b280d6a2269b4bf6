import { emitWarning } from 'node:process'
import { segmentationWarning } from '../data/encoding/tokenise.js'
import { greedySteps } from '../decode/greedy-steps.js'
import { withoutAlignments } from '../decode/names.js'
import { createEngine } from '../engine/index.js'
import type { Engine } from '../engine/types.js'
import { readModel, type StoredModel } from '../store/index.js'
import type { RunPure } from '../task/types.js'
import { type Batching, fixedRows, flexibleRows } from './batches.js'
import { runExported } from './exported/run.js'
import { runParameters } from './run-parameters.js'
import { buildTrained, type TrainedParts } from './trained-parts.js'

/** A model that is ready to run: by itself, or in an ensemble. */
export interface Member {
  /** Its folder. */
  readonly directory: string
  readonly parts: TrainedParts
  readonly run: RunPure
  readonly batching: Batching
  /** What runs its functions: `exported` (their exported form), or an engine's name. */
  readonly engine: string
  /** Whether it has a function for greedy search. */
  readonly searchesGreedily: boolean
  dispose(): Promise<void>
}

export interface OpenOptions {
  readonly engine?: Engine
  readonly warn?: (message: string) => void
}

/** Reads and builds a model and makes what runs it; nothing of it is traced or compiled yet. */
export function openMember(directory: string, { engine, warn = emitWarning }: OpenOptions = {}): Member {
  const stored = readModel(directory)
  const parts = buildTrained(stored)
  const segmented = segmentationWarning(parts.spec.data, parts.description.segmentation)
  if (segmented !== undefined) warn(`${directory}: ${segmented}`)
  return { directory, parts, ...running(parts, stored, engine) }
}

type Running = Pick<Member, 'run' | 'batching' | 'engine' | 'searchesGreedily' | 'dispose'>

/** The exported form where the model has one and no engine is asked for: then nothing is traced. */
function running(parts: TrainedParts, { functions }: StoredModel, engine: Engine | undefined): Running {
  const compiled = runCompiled(parts, engine)
  if (engine !== undefined || functions.size === 0)
    return { ...compiled, engine: engine?.name ?? 'auto', batching: fixedRows, searchesGreedily: false }
  const named = [...functions].map(([name, { file, ...outputs }]) => [name, { model: file, ...outputs }] as const)
  const exported = runExported(new Map(named))
  return {
    // A model of an earlier version lacks functions that only some options need.
    run: (name, ...of) => (functions.has(withoutAlignments(name)) ? exported : compiled).run(name, ...of),
    batching: flexibleRows(functions.values()),
    engine: 'exported',
    searchesGreedily: functions.has(greedySteps),
    dispose: async () => {
      await exported.dispose()
      await compiled.dispose()
    },
  }
}

/** Traces and compiles functions as they are first run; the engine is made then, where none is given. */
function runCompiled({ params }: TrainedParts, given: Engine | undefined): Pick<Running, 'run' | 'dispose'> {
  const make = async () => {
    const engine = given ?? (await createEngine('auto', { threads: 1 }))
    return { engine, ...runParameters(engine, params) }
  }
  let made: ReturnType<typeof make> | undefined
  return {
    run: async (...of) => {
      made ??= make()
      return (await made).run(...of)
    },
    dispose: async () => {
      if (made === undefined) return
      const { engine, dispose } = await made
      await dispose()
      if (given === undefined) await engine.dispose()
    },
  }
}
