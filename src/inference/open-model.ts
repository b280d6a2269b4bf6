import { emitWarning } from 'node:process'
import { SeqlabError } from '../core/errors.js'
import { segmentationWarning } from '../data/encoding/tokenise.js'
import type { DecodeOptions } from '../decode/index.js'
import { createEngine } from '../engine/index.js'
import type { Engine } from '../engine/types.js'
import type { Spec } from '../spec/types.js'
import { type ModelDescription, readModel } from '../store/index.js'
import { taskOf } from '../task/index.js'
import { outputLimit } from '../task/sizes.js'
import type { Prediction, RunPure } from '../task/types.js'
import { type Batch, planBatches } from './batches.js'
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
export async function openModel(
  directory: string,
  { engine: given, warn = emitWarning }: OpenOptions = {},
): Promise<TrainedModel> {
  const parts = buildTrained(readModel(directory))
  const segmented = segmentationWarning(parts.spec.data, parts.description.segmentation)
  if (segmented !== undefined) warn(`${directory}: ${segmented}`)
  const engine = given ?? (await createEngine('auto', { threads: 1 }))
  const { run, dispose } = runParameters(engine, parts.params)
  let last: Promise<unknown> = Promise.resolve()
  return {
    description: parts.description,
    spec: parts.spec,
    predict: (sources, options = {}) => {
      // Runs on one state are one after the other.
      const next = last.then(() => predict(parts, run, sources, options))
      last = next.catch(() => {})
      return next
    },
    dispose: async () => {
      await last
      await dispose()
      if (given === undefined) await engine.dispose()
    },
  }
}

async function predict(
  parts: TrainedParts,
  run: RunPure,
  sources: readonly Source[],
  options: PredictOptions,
): Promise<readonly ModelOutput[]> {
  const encoded = encodeSources(parts, sources)
  const outputs: ModelOutput[] = []
  for (const batch of planBatches(parts, encoded)) {
    refuseLong(parts, batch.shape.source)
    const predictions = await predictBatch(parts, run, encoded, batch, options)
    predictions.forEach((prediction, row) => {
      const at = batch.indices[row] ?? 0
      outputs[at] = outputOf(parts, prediction, encoded.tokens[at] ?? [])
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
  return model.predictor.predict(run, { split, indices, shape }, { decode, maxLength, seed, alignments })
}

/** Some parts have weights for so many steps; what they say of a longer source in training, they say here. */
function refuseLong({ spec, sizes }: TrainedParts, longestSource: number): void {
  if (longestSource <= sizes.longestSource) return
  const task = taskOf(spec.task)
  task.build(spec.model, { ...sizes, longestSource })
  const unroll = spec.model.encoder?.unroll
  const steps = task.stepsOf?.(longestSource) ?? longestSource
  if (unroll?.type !== 'untied' || steps <= unroll.length) return
  throw new SeqlabError('data', `The model has weights for ${unroll.length} steps, and a source has ${steps}`)
}
