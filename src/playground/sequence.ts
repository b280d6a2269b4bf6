import { joinTokens } from '../core/pieces.js'
import { type HostTensor, ints } from '../core/tensors.js'
import { leaf, leaves, subtree, type Tree } from '../core/tree.js'
import { BOS, EOS, PAD } from '../data/types.js'
import { plainBeam, searchBeam } from '../decode/beam.js'
import { encode } from '../decode/encode.js'
import { withAlignments } from '../decode/names.js'
import type { Decoded, Encoded, RunPure, Search } from '../decode/types.js'
import { neverTraced } from './functions.js'
import type { Opened, PlaygroundModel } from './model.js'
import { type ReadSource, sourceTensors, symbolOf } from './source.js'

/** A symbol and its probability. */
export interface Weighed {
  readonly id: number
  readonly symbol: string
  readonly probability: number
}

/** Numbers of a step by the name of what holds them. */
export interface Activations {
  readonly name: string
  readonly values: readonly number[]
}

/** One step of an output: its symbol, or its end. */
export interface OutputStep extends Weighed {
  /** The most probable first. */
  readonly top: readonly Weighed[]
  /** Over the positions of the source, where the model attends. */
  readonly alignment?: readonly number[]
  /** After the step. */
  readonly states: readonly Activations[]
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
  { model, run }: Opened,
  source: ReadSource,
  request: SequenceRequest,
): Promise<SequenceAnswer> {
  const encoded = await encode(run, { start: neverTraced }, sourceTensors(model, source))
  return written({ model, run }, { encoded, first: BOS, source }, request)
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
  { model, run }: Opened,
  { encoded, first, source, maxLength = model.maxLength }: Start,
  { forced = [], nBest, top }: SequenceRequest,
): Promise<SequenceAnswer> {
  const search = searchOf(model, nBest)
  const settings = { specials, maxLength, rowsStep: 1, first, alignments: 1, seed: 1 }
  const transducer = { step: neverTraced, hasAlignment: true }
  const [found] = await search([{ run: forcing(run, forced), transducer, encoded }], [0], settings)
  if (found === undefined) throw new RangeError('A search gives an output')
  const view = outputIn(model, source)
  const steps = await stepsOf({ model, run }, { encoded, first, source, maxLength }, found, top)
  return { ...view(found), steps, candidates: (found.candidates ?? [found]).map(view) }
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

/** Takes the steps of an output once more, and looks at each. */
async function stepsOf(
  { model, run }: Opened,
  { encoded, first, source, maxLength }: Required<Start>,
  { ids }: Decoded,
  top: number,
): Promise<OutputStep[]> {
  const steps: OutputStep[] = []
  const one = (id: number) => ints([id], [1])
  let state: Tree<HostTensor> = encoded.state
  // An output that is as long as it may be was cut.
  for (const [at, id] of (ids.length < maxLength ? [...ids, EOS] : ids).entries()) {
    const previous = at === 0 ? first : (ids[at - 1] ?? first)
    const rows = { examples: one(0), parents: one(0), previous: one(previous) }
    const stepped = await run(withAlignments('step'), neverTraced, { memory: encoded.memory, state, ...rows })
    const logProbs = leaf(stepped, 'logProbs').data
    state = subtree(stepped, 'state')
    const weighed = (each: number): Weighed => ({
      id: each,
      symbol: each === EOS ? 'end' : symbolOf(model, each, source.tokens),
      probability: Math.exp(logProbs[each] ?? Number.NEGATIVE_INFINITY),
    })
    const row = stepped.alignment === undefined ? undefined : leaf(stepped, 'alignment').data
    steps.push({
      ...weighed(id),
      top: largest(logProbs, top).map(weighed),
      states: activationsIn(state),
      ...(row && { alignment: Array.from(row.subarray(0, encoded.lengths[0])) }),
    })
  }
  return steps
}

function largest(values: HostTensor['data'], count: number): number[] {
  const order = Array.from(values, (_, at) => at)
  return order.sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0) || a - b).slice(0, count)
}

/** The vectors [1,H] of a state. */
function activationsIn(state: Tree<HostTensor>): Activations[] {
  return leaves(state).flatMap(([name, { shape, data }]) => {
    return shape.length === 2 && data instanceof Float32Array ? [{ name, values: Array.from(data) }] : []
  })
}
