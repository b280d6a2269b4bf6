import { emitWarning } from 'node:process'
import { SeqlabError } from '../core/errors.js'
import { segmentationWarning } from '../data/encoding/tokenise.js'
import type { DecodeOptions } from '../decode/index.js'
import { createEngine } from '../engine/index.js'
import type { Engine } from '../engine/types.js'
import type { Spec } from '../spec/types.js'
import { type ModelDescription, readModel, type StoredModel } from '../store/index.js'
import { taskOf } from '../task/index.js'
import { outputLimit } from '../task/sizes.js'
import type { Prediction, RunPure } from '../task/types.js'
import { type Batch, type Batching, fixedRows, planBatches } from './batches.js'
import { runExported } from './exported/run.js'
import { type ModelOutput, outputOf } from './outputs.js'
import { runParameters } from './run-parameters.js'
import { type EncodedSources, encodeSources, type Source } from './sources.js'
import { buildTrained, type TrainedParts } from './trained-parts.js'

/** A trained model as a value: it needs neither its data nor its training state. */
export interface TrainedModel {
  readonly description: ModelDescription
  readonly spec: Spec
  /**
   * An output for each source, in order. A source's output depends on no other source. Throws SeqlabError 'data' for a
   * source that the model cannot read.
   */
  predict(sources: readonly Source[], options?: PredictOptions): Promise<readonly ModelOutput[]>
  /** Why the model cannot read a source; undefined where it can. */
  refuses(source: Source): string | undefined
  dispose(): Promise<void>
}

export interface PredictOptions {
  /** The search, for tasks that search; by default the spec's own. */
  readonly decode?: DecodeOptions
  /** Symbols of an output at most; by default twice the longest that training saw and 5. */
  readonly maxLength?: number
  /** Of searches that draw; by default the model's own seed. */
  readonly seed?: number
  /** Whether outputs have their alignments with the source, where the model attends. */
  readonly alignments?: boolean
}

export interface OpenOptions {
  readonly engine?: Engine
  readonly warn?: (message: string) => void
}

/**
 * Opens `model/` (or a trial's folder that has it). `engine` is the caller's, who disposes of it; by default one is made
 * for this model. `warn` is told what may change its predictions here (by default, Node prints it). Throws SeqlabError 'run' where the folder has no model, or one that is damaged or of another version.
 */
export async function openModel(directory: string, options: OpenOptions = {}): Promise<TrainedModel> {
  return modelOf(await openParts(directory, options))
}

/** An opened model as a value; it disposes of what it was opened with. */
export function modelOf({ parts, run, batching, dispose }: OpenedModel): TrainedModel {
  let last: Promise<unknown> = Promise.resolve()
  return {
    description: parts.description,
    spec: parts.spec,
    predict: (sources, options = {}) => {
      // Runs on one state are one after the other.
      const next = last.then(() => predict(parts, { run, batching }, sources, options))
      last = next.catch(() => {})
      return next
    },
    refuses: (source) => refusal(parts, source),
    dispose: async () => {
      await last
      await dispose()
    },
  }
}

/** A stored model with what runs it. */
export interface OpenedModel extends Running {
  readonly parts: TrainedParts
  /** What runs its functions: `exported` (their exported form), or an engine's name. */
  readonly engine: string
  dispose(): Promise<void>
}

/** Opens what `openModel` predicts with. */
export async function openParts(
  directory: string,
  { engine: given, warn = emitWarning }: OpenOptions = {},
): Promise<OpenedModel> {
  const stored = readModel(directory)
  const parts = buildTrained(stored)
  const segmented = segmentationWarning(parts.spec.data, parts.description.segmentation)
  if (segmented !== undefined) warn(`${directory}: ${segmented}`)
  return { parts, ...(await running(parts, stored, given)) }
}

function unknownIn({ source: { offsets }, unknown }: EncodedSources, row: number): number {
  const [begin = 0, end = 0] = offsets.subarray(row, row + 2)
  let count = 0
  for (let place = begin; place < end; place++) if (unknown?.source.has(place)) count++
  return count
}

function refusal(parts: TrainedParts, source: Source): string | undefined {
  try {
    encodeSources(parts, [source])
    return undefined
  } catch (error) {
    if (error instanceof SeqlabError && error.code === 'data') return error.message.replace(/^Source 1 /, 'it ')
    throw error
  }
}

/** What runs a model's functions, and how batches are made for it. */
export interface Running {
  readonly run: RunPure
  readonly batching: Batching
}

/** The exported form where the model has one and no engine is asked for: then nothing is traced. */
async function running(
  parts: TrainedParts,
  { functions }: StoredModel,
  given: Engine | undefined,
): Promise<Omit<OpenedModel, 'parts'>> {
  if (given === undefined && functions.size > 0) {
    const named = [...functions].map(([name, { file, ...outputs }]) => [name, { model: file, ...outputs }] as const)
    return { ...runExported(new Map(named)), engine: 'exported', batching: { most: 64 } }
  }
  const engine = given ?? (await createEngine('auto', { threads: 1 }))
  const { run, dispose } = runParameters(engine, parts.params)
  return {
    run,
    engine: engine.name,
    batching: fixedRows,
    dispose: async () => {
      await dispose()
      if (given === undefined) await engine.dispose()
    },
  }
}

async function predict(
  parts: TrainedParts,
  { run, batching }: Running,
  sources: readonly Source[],
  options: PredictOptions,
): Promise<readonly ModelOutput[]> {
  const encoded = encodeSources(parts, sources)
  const outputs: ModelOutput[] = []
  for (const batch of planBatches(parts, encoded, batching)) {
    refuseLong(parts, batch.shape.source)
    const predictions = await predictBatch(parts, run, encoded, batch, options)
    predictions.forEach((prediction, row) => {
      const at = batch.indices[row] ?? 0
      outputs[at] = outputOf(parts, prediction, encoded.tokens[at] ?? [], unknownIn(encoded, at))
    })
  }
  return outputs
}

function predictBatch(
  { model, spec, sizes }: TrainedParts,
  run: RunPure,
  split: EncodedSources,
  { indices, shape }: Batch,
  options: PredictOptions,
): Promise<readonly Prediction[]> {
  const { decode = spec.decode, maxLength = outputLimit(sizes), seed = spec.seed } = options
  const alignments = options.alignments === true ? Number.POSITIVE_INFINITY : 0
  const search = { decode: stepByStep(decode), maxLength, seed, alignments }
  return model.predictor.predict(run, { split, indices, shape }, search)
}

/** Greedy search is a beam of one, whose steps are one function whatever the search. */
export function stepByStep(decode: DecodeOptions): DecodeOptions {
  return decode.type === 'greedy' ? { type: 'beam', width: 1, lengthNormalisation: 0, nBest: 1 } : decode
}

/** Some parts have weights for so many steps; what they say of a longer source in training, they say here. Throws SeqlabError 'data'. */
export function refuseLong({ spec, sizes }: TrainedParts, longestSource: number): void {
  if (longestSource <= sizes.longestSource) return
  const task = taskOf(spec.task)
  task.build(spec.model, { ...sizes, longestSource })
  const unroll = spec.model.encoder?.unroll
  const steps = task.stepsOf?.(longestSource) ?? longestSource
  if (unroll?.type !== 'untied' || steps <= unroll.length) return
  throw new SeqlabError('data', `The model has weights for ${unroll.length} steps, and a source has ${steps}`)
}
