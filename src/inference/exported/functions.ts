import { SeqlabError } from '../../core/errors.js'
import { at } from '../../core/lists.js'
import { filled, type HostTensor, type TensorSpec } from '../../core/tensors.js'
import { leaves, mapTree, type Tree } from '../../core/tree.js'
import { packIds, packValues } from '../../data/encoding/columns.js'
import { plainBeam } from '../../decode/beam.js'
import { greedySteps } from '../../decode/greedy-steps.js'
import { withoutAlignments } from '../../decode/names.js'
import { type Exported, exportFunction } from '../../engine/compiled/export.js'
import type { Elsewhere } from '../../engine/compiled/onnx.js'
import type { AxisSizes } from '../../engine/compiled/symbolic/sizes.js'
import { traceLoops } from '../../engine/compiled/trace.js'
import type { PureFunction, Signature } from '../../engine/types.js'
import { factorPlaces, type ModelSizes } from '../../model/sizes.js'
import type { Sources } from '../../task/models/source-inputs.js'
import { searchTogether } from '../../task/predict.js'
import type { RunPure } from '../../task/types.js'
import { lengthStep } from '../batches.js'
import { takesSteps } from '../long-sources.js'
import type { TrainedParts } from '../trained-parts.js'

/** One function of a trained model in its exported form. */
export interface ExportedFunction extends Exported {
  readonly name: string
}

export interface Exportable extends Pick<TrainedParts, 'model' | 'params' | 'sizes'> {
  readonly spec: Pick<TrainedParts['spec'], 'task' | 'model'>
}
type Pure = Parameters<RunPure>[1]

/** A function that a predictor runs, and its inputs in each trace. */
interface Recorded {
  readonly pure: Pure
  readonly inputs: readonly Tree<TensorSpec>[]
}

/** Sizes that a function is traced at: no axis is a multiple of another, or of another and a number, in all three. */
const traced = {
  B: [11, 17, 13],
  N: [31, 23, 37],
  M: [41, 53, 43],
  T: [61, 59, 67],
} as const
const sourceSteps: readonly (readonly number[])[] = [
  [4, 5, 7],
  [2, 3, 4],
]

/** Features, and characters and values of a symbol, beyond as many as training has: they grow otherwise than the steps of a source do. */
const moreFeatures = [1, 3, 4] as const
const moreCharacters = [1, 7, 2] as const
const moreValues = [2, 3, 7] as const

/**
 * Every function that predictions run, for batches and sources of any size: what the predictor itself runs, traced at three
 * sizes. Sources have one length alone where a model has weights for it. `places`: where parameters are, if not in the functions.
 */
export async function exportFunctions(
  trained: Exportable,
  places: ReadonlyMap<string, Elsewhere> = new Map(),
): Promise<ExportedFunction[]> {
  let problem: unknown
  for (const lengths of lengthsOf(trained)) {
    try {
      return await exportTraced(trained, lengths, places)
    } catch (error) {
      if (!(error instanceof SeqlabError) || error.code !== 'internal') throw error
      problem ??= error
    }
  }
  throw problem
}

/**
 * Lengths of the sources that a model takes. What is right for shorter sources alone (a scorer has weights for so many steps)
 * can be another graph at its very limit: then others are taken, and at last the only one that such sources are padded to.
 */
function lengthsOf(trained: Exportable): readonly (readonly number[])[] {
  const { longestSource } = trained.sizes
  const taken = sourceSteps.filter((lengths) => takesSteps(trained, Math.max(...lengths)))
  return longestSource < lengthStep ? [...taken, traced.B.map(() => longestSource)] : taken
}

async function exportTraced(
  trained: Exportable,
  lengths: readonly number[],
  places: ReadonlyMap<string, Elsewhere>,
): Promise<ExportedFunction[]> {
  return [...(await recordCalls(trained, lengths))].map(([name, { pure, inputs }]) => {
    const state = mapTree(trained.params, specOf)
    const signatures = inputs.map((each): Signature => ({ state, inputs: each }))
    const wrapped: PureFunction = (weights, tensors) => ({ outputs: pure(weights, tensors) })
    return { name, ...exportFunction(name, wrapped, signatures, axesOf(inputs), trained.params, places) }
  })
}

/** Runs the predictor on made-up sources of each size. */
async function recordCalls(trained: Exportable, lengths: readonly number[]): Promise<ReadonlyMap<string, Recorded>> {
  const recorded = await Promise.all(traced.B.map((batch, index) => callsAt(trained, batch, at(lengths, index), index)))
  const [first = new Map<string, Call>()] = recorded
  return new Map(
    [...first].map(([name, { pure }]) => {
      const inputs = recorded.map((calls) => calls.get(name)?.inputs ?? {})
      return [name, { pure, inputs }] as const
    }),
  )
}

interface Call {
  readonly pure: Pure
  readonly inputs: Tree<TensorSpec>
}

/** The first call of each function; what a call would give is zeros. */
async function callsAt(
  { model, params, sizes }: Exportable,
  batch: number,
  source: number,
  index: number,
): Promise<ReadonlyMap<string, Call>> {
  const calls = new Map<string, Call>()
  const state = mapTree(params, specOf)
  const run: RunPure = async (called, pure, inputs) => {
    const name = withoutAlignments(called)
    const specs = mapTree(inputs, (each, path) => (isStep(name) ? stepSpec(each, path, index) : specOf(each)))
    if (!calls.has(name)) calls.set(name, { pure, inputs: specs })
    return outputsOf(pure, { state, inputs: mapTree(inputs, specOf) })
  }
  const split = madeUp(sizes, batch, source, index)
  const indices = Array.from({ length: batch }, (_, row) => row)
  const search = { decode: plainBeam(2), seed: 1 }
  const examples = { split, indices, shape: { batch, source, target: 1 } }
  const { predictor } = model
  const request = { ...search, maxLength: 1, alignments: 1 }
  await predictor.predict(run, examples, request)
  await predictor.predict(run, examples, { ...request, decode: { type: 'greedy' }, rowsStep: 1 })
  await predictor.distributions?.(run, examples)
  // A language model searches for what it writes alone.
  if (!calls.has('step') && predictor.begin !== undefined) {
    await searchTogether([await predictor.begin(run, examples)], examples, request)
  }
  return calls
}

/** Sources of one length, of whatever symbols or numbers, each with as many features. */
function madeUp(sizes: ModelSizes, batch: number, steps: number, index: number): Sources {
  const { source, features, attributes, ahead = 0, longestTarget } = sizes
  const width = 'width' in source ? source.width : undefined
  const rows = <T>(of: T, length: number) => Array.from({ length: batch }, () => Array.from({ length }, () => of))
  const unknown = { source: new Map<number, string>(), target: new Map<number, string>() }
  const column = width === undefined ? packIds(rows('', steps), () => 0) : packValues(rows(0, steps * width), width)
  if (ahead > 0) return { source: column, unknown, ahead: packValues(rows(0, longestTarget * ahead), ahead) }
  const listed = Object.entries(attributes ?? {}).map(([name, { longest, several }]) => {
    const values = several === true ? factorPlaces(sizes) + (moreValues[index] ?? 0) : 1
    const length = name === 'characters' ? longest + (moreCharacters[index] ?? 0) : values
    const list = Array.from({ length }, () => '')
    return [name, packIds(rows(list, steps).flat(), () => 0)] as const
  })
  const symbols = { source: column, unknown, ...(attributes && { attributes: Object.fromEntries(listed) }) }
  if (features === undefined) return symbols
  const places = features.longest + (moreFeatures[index] ?? 0)
  return { ...symbols, features: packIds(rows('', places), () => 0) }
}

/** Zeros of the types that a function gives. */
function outputsOf(pure: Pure, signature: Signature): Tree<HostTensor> {
  const { graph, outputs } = traceLoops((weights, tensors) => ({ outputs: pure(weights, tensors) }), signature)
  const types = new Map(graph.outputs.map(({ name, value }) => [name, graph.values.get(value)?.dtype]))
  return mapTree(outputs, ({ shape }, path) => {
    return filled({ dtype: types.get(`output/${path}`) === 'float32' ? 'float32' : 'int32', shape })
  })
}

/** Sizes that are not the same in all traces, by name: B examples, N rows and M states of a step, S steps of a source, C characters and K values of a symbol, T steps of greedy search. */
function axesOf(inputs: readonly Tree<TensorSpec>[]): AxisSizes {
  const known = new Map<string, string>(Object.entries(traced).map(([name, sizes]) => [sizes.join(), name]))
  const axes: Record<string, readonly number[]> = {}
  const shapes = inputs.map((each) => leaves(each).map(([, { shape }]) => shape))
  for (const [place, shape] of (shapes[0] ?? []).entries()) {
    for (const axis of shape.keys()) {
      const sizes = shapes.map((all) => all[place]?.[axis] ?? 0)
      if (sizes.every((size) => size === sizes[0])) continue
      const { size } = known
      const name = known.get(sizes.join()) ?? nameOf(sizes, size === Object.keys(traced).length ? 'S' : `S${size}`)
      known.set(sizes.join(), name)
      axes[name] = sizes
    }
  }
  return axes
}

/** F for features by themselves, C for the characters of a symbol, K for its values of factors. */
function nameOf(sizes: readonly number[], other: string): string {
  const [first = 0] = sizes
  const growsBy = (more: readonly number[]) =>
    sizes.every((size, index) => size - first === (more[index] ?? 0) - (more[0] ?? 0))
  const letters = { F: moreFeatures, C: moreCharacters, K: moreValues }
  return Object.entries(letters).find(([, more]) => growsBy(more))?.[0] ?? other
}

/** A step's states, and its rows, are as many as a search wants: not as many as there are examples. */
function stepSpec(input: TensorSpec, path: string, index: number): TensorSpec {
  const [, ...rest] = input.shape
  if (path.startsWith('state/')) return { dtype: input.dtype, shape: [traced.M[index] ?? 0, ...rest] }
  if (path.startsWith('memory/')) return specOf(input)
  return { dtype: input.dtype, shape: [traced[path === 'steps' ? 'T' : 'N'][index] ?? 0] }
}

function isStep(name: string): boolean {
  return name === 'step' || name === greedySteps
}

function specOf({ dtype, shape }: TensorSpec): TensorSpec {
  return { dtype, shape }
}
