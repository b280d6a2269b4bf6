import { joinTokens } from '../core/pieces.js'
import type { HostTensor } from '../core/tensors.js'
import { leaf, leaves, subtree } from '../core/tree.js'
import { BOS, EOS, PAD } from '../data/types.js'
import { plainBeam, searchBeam } from '../decode/beam.js'
import { encode } from '../decode/encode.js'
import { rowOf } from '../decode/stepwise.js'
import type { Decoded, Encoded, RunPure, Search } from '../decode/types.js'
import { type Activity, activityLog } from './activity.js'
import { neverTraced } from './functions.js'
import type { Opened, PlaygroundModel } from './model.js'
import { keepingSteps, type RunStep, rowsOf } from './path.js'
import { type ReadSource, sourceTensors, symbolOf } from './source.js'

/** A symbol and its probability. */
export interface Weighed {
  readonly id: number
  readonly symbol: string
  readonly probability: number
}

/** One step of an output: its symbol, or its end. */
export interface OutputStep extends Weighed {
  /** The most probable first. */
  readonly top: readonly Weighed[]
  /** Over the positions of the source, where the model attends. */
  readonly alignment?: readonly number[]
}

export interface WrittenOutput {
  readonly ids: readonly number[]
  readonly tokens: readonly string[]
  readonly text: string
  /** Log probability in nats. */
  readonly score: number
}

/** What a model writes for a source. */
export interface SequenceAnswer extends WrittenOutput {
  readonly steps: readonly OutputStep[]
  /** The n best, this one first. */
  readonly candidates: readonly WrittenOutput[]
  /** By step of the source: the encoder's cells. */
  readonly read: Activity
  /** By step of the output: the decoder's states after it, and its cells' gates. */
  readonly written: Activity
}

export interface SequenceRequest {
  /** Symbols that the output begins with, whatever the model finds: ids, the end among them. */
  readonly forced?: readonly number[]
  /** How many of the best. */
  readonly nBest: number
  /** How many symbols of a step. */
  readonly top: number
}

const specials = { pad: PAD, bos: BOS, eos: EOS }

/** The output of a source by the run's final search; one that draws is a beam of one here. */
export async function writeSequence(
  opened: Opened,
  source: ReadSource,
  request: SequenceRequest,
): Promise<SequenceAnswer> {
  const { activity, look } = activityLog()
  const tensors = sourceTensors(opened.model, source)
  const encoded = await encode(opened.watched(look()), { start: neverTraced }, tensors)
  return { ...(await written(opened, { encoded, first: BOS, source }, request)), read: activity }
}

/** What an output goes on from. */
interface Start {
  readonly encoded: Encoded
  /** The symbol that the first step reads. */
  readonly first: number
  readonly source: ReadSource
  readonly maxLength?: number
}

export async function written(
  opened: Opened,
  { encoded, first, source, maxLength = opened.model.maxLength }: Start,
  { forced = [], nBest, top }: SequenceRequest,
): Promise<Omit<SequenceAnswer, 'read'>> {
  const { model } = opened
  const search = searchOf(model, nBest)
  const { run, steps } = keepingSteps(opened)
  const settings = { specials, maxLength, rowsStep: 1, first, alignments: 1, seed: 1 }
  const transducer = { step: neverTraced, hasAlignment: true }
  const [found] = await search([{ run: forcing(run, forced), transducer, encoded }], [0], settings)
  if (found === undefined) throw new RangeError('A search gives an output')
  const view = outputIn(model, source)
  const { ids } = found
  // An output that is as long as it may be was cut.
  const symbols = ids.length < maxLength ? [...ids, EOS] : ids
  const rows = rowsOf(steps, [first, ...ids].slice(0, symbols.length))
  return {
    ...view(found),
    steps: rows.map(([step, row], at) =>
      outputStep(model, { step, row, id: symbols[at] ?? EOS, source, encoded, top }),
    ),
    candidates: (found.candidates ?? [found]).map(view),
    written: activityOf(rows),
  }
}

function searchOf({ decode }: PlaygroundModel, nBest: number): Search {
  if (decode.type !== 'beam') return searchBeam({ ...plainBeam(1), nBest: 1 })
  return searchBeam({ ...decode, nBest: Math.min(decode.width, nBest) })
}

/** Leaves to a search nothing but the forced symbols at its first steps. */
function forcing(run: RunPure, forced: readonly number[]): RunPure {
  let taken = 0
  return async (name, pure, inputs) => {
    const outputs = await run(name, pure, inputs)
    const only = forced[taken++]
    if (only === undefined) return outputs
    const { data, shape } = leaf(outputs, 'logProbs')
    const width = shape[1] ?? 1
    const left = Float32Array.from(data, (value, at) => (at % width === only ? value : Number.NEGATIVE_INFINITY))
    return { ...outputs, logProbs: { dtype: 'float32', shape, data: left } }
  }
}

function outputIn(model: PlaygroundModel, source: ReadSource) {
  return ({ ids, score }: Pick<Decoded, 'ids' | 'score'>): WrittenOutput => {
    const tokens = ids.map((id) => symbolOf(model, id, source.tokens))
    return { ids, tokens, text: joinTokens(tokens, model.joiners.target), score }
  }
}

interface Taken extends Pick<Start, 'source' | 'encoded'> {
  readonly step: RunStep
  readonly row: number
  /** The symbol that was chosen. */
  readonly id: number
  readonly top: number
}

function outputStep(model: PlaygroundModel, { step: { outputs }, row, id, source, encoded, top }: Taken): OutputStep {
  const logProbs = rowOf(leaf(outputs, 'logProbs'), row)
  const weighed = (each: number): Weighed => ({
    id: each,
    symbol: each === EOS ? 'end' : symbolOf(model, each, source.tokens),
    probability: Math.exp(logProbs[each] ?? Number.NEGATIVE_INFINITY),
  })
  const alignment = 'alignment' in outputs ? rowOf(leaf(outputs, 'alignment'), row) : undefined
  return {
    ...weighed(id),
    top: largest(logProbs, top).map(weighed),
    ...(alignment && { alignment: Array.from(alignment.subarray(0, encoded.lengths[0])) }),
  }
}

function largest(values: HostTensor['data'], count: number): number[] {
  const order = Array.from(values, (_, at) => at)
  return order.sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0) || a - b).slice(0, count)
}

/** The vectors of a decoder's state after each step, and what its cells have computed. */
function activityOf(rows: readonly (readonly [RunStep, number])[]): Activity {
  const { activity, look } = activityLog()
  for (const [at, [{ outputs, cells }, row]] of rows.entries()) {
    const states = leaves(subtree(outputs, 'state')).map(([path, state]) => [`decoder/${path}`, state] as const)
    for (const [name, value] of [...states, ...cells]) {
      if (value.shape.length !== 2 || !(value.data instanceof Float32Array)) continue
      look(at)(name, { shape: value.shape, data: rowOf({ dtype: 'float32', ...value }, row) })
    }
  }
  return activity
}
