import { type Tensor, type Tensor2D, type Tensor3D, tensor, tf } from '../../core/tf.js'
import { mapTree, type Tree } from '../../core/tree.js'
import type { FastLayer } from './layer.js'
import {
  addAll,
  batchMajor,
  beside,
  named,
  namedSeries,
  namedSteps,
  productOverRows,
  seriesOf,
  stepsOf,
  sumRows,
  through,
  withGradient,
} from './series.js'
import type { FastScorer, Named } from './types.js'

/** A decoder with attention formed before its cells, as its fast path sees it. */
export interface AttentionLoop {
  readonly scorer: { readonly fast: FastScorer; readonly options: unknown }
  readonly layers: readonly FastLayer[]
  /** Whether C stands beside the input of the first layer. */
  readonly beside: boolean
}

export interface LoopInputs {
  /** [T*B,E]. */
  readonly xs: Tensor2D
  readonly keys: Tensor3D
  readonly values: Tensor3D
  /** [B,S], far below zero on padding; no gradient flows to it. */
  readonly bias: Tensor2D
  /** The first query [B,H]. */
  readonly query: Tensor2D
  /** Each layer's first states, from the bottom. */
  readonly starts: readonly Named[]
  /** What goes into each layer after the first is multiplied by: [T*B,H], or nothing; no gradient flows to it. */
  readonly dropped: readonly (Tensor2D | undefined)[]
}

interface LoopParams {
  readonly scorer: Tree<Tensor>
  readonly layers: readonly Tree<Tensor>[]
}

/** Everything of a run forwards, step by step. */
interface Steps {
  readonly outputs: Tensor2D[]
  readonly contexts: Tensor2D[]
  readonly queries: Tensor2D[]
  readonly alignments: Tensor2D[]
  readonly scored: (readonly Tensor[])[]
  /** By layer: inputs of the layers above the first, states before, what cells kept. */
  readonly inputs: Tensor2D[][]
  readonly before: Named[][]
  readonly kept: Named[][]
}

/**
 * All steps of the decoder: outputs [T*B,H] beside contexts [T*B,D]. One node of the tape; the way back goes through
 * softmax (de = a ⊙ (da − Σ a da)), scorer and cells step by step, and forms the gradients of weights, keys and values
 * once from all steps: dvalues = Σ_t a_t ⊗ dC_t is one batched product.
 */
export function runAttentionLoop(loop: AttentionLoop, params: LoopParams, given: LoopInputs): Tensor2D {
  const steps = (given.xs.shape[0] ?? 0) / given.query.shape[0]
  const packing = packingOf(loop, params, given)
  let restore: ((saved: readonly Tensor[]) => Steps) | undefined
  const forward = () => {
    const run = forwards(loop, params, given, steps)
    const packed = packSteps(run)
    restore = packed.restore
    const drops = given.dropped.filter((drop) => drop !== undefined)
    return {
      value: beside(seriesOf(run.outputs), seriesOf(run.contexts)),
      kept: [...drops, ...packed.tensors],
    }
  }
  const backward = (gradient: Tensor2D, inputs: readonly Tensor[], saved: readonly Tensor[]) => {
    const own = packing.unpack(inputs)
    let next = 0
    const dropped = given.dropped.map((drop) => (drop === undefined ? undefined : (saved[next++] as Tensor2D)))
    const run = restore?.(saved.slice(next)) as Steps
    return packing.pack(backwards(loop, own.params, { ...own.given, dropped }, run, gradient, steps))
  }
  return withGradient(packing.inputs, forward, backward)
}

function forwards(loop: AttentionLoop, params: LoopParams, given: LoopInputs, steps: number): Steps {
  const { scorer, layers } = loop
  const run: Steps = emptySteps(layers.length)
  const kernels = firstKernels(loop, params, given.xs)
  const gatesOfInput = stepsOf(dense(given.xs, kernels.input, tensor(bottom(params), 'bias')), steps)
  const drops = given.dropped.map((drop) => (drop === undefined ? undefined : stepsOf(drop, steps)))
  let query = given.query
  const states = [...given.starts]
  for (let t = 0; t < steps; t++) {
    const { scores, kept } = scorer.fast.score(scorer.options, params.scorer, query, given.keys)
    const alignment = tf.softmax(tf.add(scores, given.bias)) as Tensor2D
    const context = tf.squeeze(tf.matMul(tf.expandDims(alignment, 1) as Tensor3D, given.values), [1]) as Tensor2D
    run.queries.push(query)
    run.scored.push(kept)
    run.alignments.push(alignment)
    run.contexts.push(context)
    const own = gatesOfInput[t] as Tensor2D
    let gates = kernels.context === undefined ? own : (tf.add(tf.matMul(context, kernels.context), own) as Tensor2D)
    for (const [index, layer] of layers.entries()) {
      const weights = params.layers[index] as Tree<Tensor>
      if (index > 0) {
        const x = times(query, drops[index]?.[t])
        run.inputs[index]?.push(x)
        gates = dense(x, tensor<Tensor2D>(weights, 'kernel'), tensor(weights, 'bias'))
      }
      const before = states[index] as Named
      const stepped = layer.fast.step(layer.options, weights, gates, before)
      run.before[index]?.push(before)
      run.kept[index]?.push(stepped.kept)
      states[index] = stepped.state
      query = stepped.state.h as Tensor2D
    }
    run.outputs.push(query)
  }
  return run
}

/** Gradients of everything that has one. */
interface Gradients {
  readonly xs: Tensor2D
  readonly keys: Tensor3D
  readonly values: Tensor3D
  readonly query: Tensor2D
  readonly starts: readonly Named[]
  readonly scorer: readonly Tensor[]
  /** By layer: kernel, bias and the recurrent parameters. */
  readonly layers: readonly (readonly Tensor[])[]
}

function backwards(
  loop: AttentionLoop,
  params: LoopParams,
  given: LoopInputs,
  run: Steps,
  gradient: Tensor2D,
  steps: number,
): Gradients {
  const { scorer, layers } = loop
  const hidden = (run.queries[0] as Tensor2D).shape[1]
  const [dOutputs, dContexts] = tf.split(gradient, [hidden, gradient.shape[1] - hidden], 1) as [Tensor2D, Tensor2D]
  const [outputs, contexts] = [stepsOf(dOutputs, steps), stepsOf(dContexts, steps)]
  const kernels = firstKernels(loop, params, given.xs)
  const drops = given.dropped.map((drop) => (drop === undefined ? undefined : stepsOf(drop, steps)))
  const series = layers.map((_, index) => ({
    before: namedSeries(run.before[index] ?? []),
    kept: namedSeries(run.kept[index] ?? []),
  }))
  const factors = layers.map(({ fast, options }, index) => {
    const { kept, before } = series[index] as (typeof series)[number]
    return namedSteps(fast.factors(options, kept, before), steps)
  })
  const gates = layers.map(() => new Array<Tensor2D>(steps))
  const more = layers.map(() => new Array<Named>(steps))
  const carried: Partial<Named>[] = layers.map(() => ({}))
  const scoreGradients = new Array<Tensor2D>(steps)
  const scoreMore = new Array<Named>(steps)
  const contextGradients = new Array<Tensor2D>(steps)
  let dQuery: Tensor2D | undefined
  for (let t = steps - 1; t >= 0; t--) {
    let above = addAll(outputs[t], dQuery)
    for (let index = layers.length - 1; index >= 0; index--) {
      const { fast, options } = layers[index] as FastLayer
      const weights = params.layers[index] as Tree<Tensor>
      const whole = { ...carried[index], h: addAll(above, carried[index]?.h) }
      const stepped = fast.back(options, weights, factors[index]?.[t] as Named, whole)
      at(gates, index)[t] = stepped.gates
      at(more, index)[t] = stepped.more
      carried[index] = stepped.state
      if (index > 0) above = times(through(stepped.gates, tensor<Tensor2D>(weights, 'kernel')), drops[index]?.[t])
    }
    const dContext =
      kernels.context === undefined
        ? (contexts[t] as Tensor2D)
        : addAll(through(at(gates, 0)[t] as Tensor2D, kernels.context), contexts[t])
    const alignment = run.alignments[t] as Tensor2D
    const dAlignment = tf.squeeze(tf.matMul(given.values, tf.expandDims(dContext, 2) as Tensor3D), [2])
    const dScores = softmaxBack(alignment, dAlignment as Tensor2D)
    const scored = run.scored[t] as readonly Tensor[]
    const back = scorer.fast.back(scorer.options, params.scorer, given.keys, scored, dScores)
    dQuery = back.query
    scoreGradients[t] = dScores
    scoreMore[t] = back.more
    contextGradients[t] = dContext
  }
  const scores = scoreGradients.map((dScores, t) => ({ kept: run.scored[t] as readonly Tensor[], gradient: dScores }))
  const query = seriesOf(run.queries)
  const ofScorer = scorer.fast.gradients(scorer.options, params.scorer, given.keys, scores, {
    query,
    more: namedSeries(scoreMore),
  })
  const gateSeries = gates.map(seriesOf)
  return {
    xs: through(at(gateSeries, 0), kernels.input),
    keys: ofScorer.keys,
    values: tf.matMul(
      batchMajor(seriesOf(run.alignments), steps),
      batchMajor(seriesOf(contextGradients), steps),
      true,
      false,
    ),
    query: dQuery as Tensor2D,
    starts: carried as readonly Named[],
    scorer: ofScorer.params,
    layers: layers.map(({ fast, options }, index) => {
      const own = at(gateSeries, index)
      const first = loop.beside ? beside(given.xs, seriesOf(run.contexts)) : given.xs
      const input = index === 0 ? first : seriesOf(run.inputs[index] ?? [])
      const { before, kept } = series[index] as (typeof series)[number]
      const recurrent = fast.gradients(options, { before, kept, gates: own, more: namedSeries(more[index] ?? []) })
      return [productOverRows(input, own), sumRows(own), ...recurrent]
    }),
  }
}

/** The first layer's kernel for the input, and for C where that stands beside it. */
function firstKernels(loop: AttentionLoop, params: LoopParams, xs: Tensor2D) {
  const kernel = tensor<Tensor2D>(bottom(params), 'kernel')
  if (!loop.beside) return { input: kernel, context: undefined }
  const width = xs.shape[1]
  const [input, context] = tf.split(kernel, [width, kernel.shape[0] - width], 0) as [Tensor2D, Tensor2D]
  return { input, context }
}

function bottom({ layers }: LoopParams): Tree<Tensor> {
  return at(layers, 0)
}

/** a ⊙ (da − Σ_s a da). */
function softmaxBack(alignment: Tensor2D, gradient: Tensor2D): Tensor2D {
  const product = tf.mul(alignment, gradient)
  return tf.sub(product, tf.mul(alignment, tf.sum(product, 1, true)))
}

function dense(x: Tensor2D, kernel: Tensor2D, bias: Tensor): Tensor2D {
  return tf.add(tf.matMul(x, kernel), bias)
}

function times(x: Tensor2D, factor: Tensor2D | undefined): Tensor2D {
  return factor === undefined ? x : tf.mul(x, factor)
}

function at<T>(items: readonly T[], index: number): T {
  const item = items[index]
  if (item === undefined) throw new RangeError(`no item ${index}`)
  return item
}

function emptySteps(layers: number): Steps {
  const perLayer = <T>(): T[][] => Array.from({ length: layers }, () => [])
  return {
    outputs: [],
    contexts: [],
    queries: [],
    alignments: [],
    scored: [],
    inputs: perLayer(),
    before: perLayer(),
    kept: perLayer(),
  }
}

/** All tensors of a run in a fixed order, and how to read them back. */
function packSteps(run: Steps): { tensors: readonly Tensor[]; restore: (saved: readonly Tensor[]) => Steps } {
  const tensors: Tensor[] = []
  const put = <T extends Tensor>(value: T): (() => number) => {
    const place = tensors.push(value) - 1
    return () => place
  }
  const list = (values: readonly Tensor[]) => values.map(put)
  const record = (value: Named) => mapTree<Tensor, () => number>(value, put)
  const places = {
    outputs: list(run.outputs),
    contexts: list(run.contexts),
    queries: list(run.queries),
    alignments: list(run.alignments),
    scored: run.scored.map(list),
    inputs: run.inputs.map(list),
    before: run.before.map((states) => states.map(record)),
    kept: run.kept.map((states) => states.map(record)),
  }
  const restore = (saved: readonly Tensor[]): Steps => {
    const get = (place: () => number) => saved[place()] as Tensor2D
    const named = (record: Tree<() => number>) => mapTree(record, get) as Named
    return {
      outputs: places.outputs.map(get),
      contexts: places.contexts.map(get),
      queries: places.queries.map(get),
      alignments: places.alignments.map(get),
      scored: places.scored.map((kept) => kept.map(get)),
      inputs: places.inputs.map((values) => values.map(get)),
      before: places.before.map((states) => states.map(named)),
      kept: places.kept.map((states) => states.map(named)),
    }
  }
  return { tensors, restore }
}

/** The differentiated inputs as one list, and gradients in the same order. */
function packingOf(loop: AttentionLoop, params: LoopParams, given: LoopInputs) {
  const scoring = loop.scorer.fast.scoring(loop.scorer.options)
  const weights = loop.layers.map(({ fast, options }) => ['kernel', 'bias', ...fast.recurrent(options)])
  const states = given.starts.map((start) => Object.keys(start))
  const inputs = [
    given.xs,
    given.keys,
    given.values,
    given.query,
    ...given.starts.flatMap((start) => Object.values(start)),
    ...scoring.map((name) => tensor(params.scorer, name)),
    ...weights.flatMap((names, index) => names.map((name) => tensor(at(params.layers, index), name))),
  ]
  return {
    inputs: [...inputs, given.bias],
    pack: ({ xs, keys, values, query, starts, scorer, layers }: Gradients): Tensor[] => [
      xs,
      keys,
      values,
      query,
      ...starts.flatMap((start, index) => at(states, index).map((name) => start[name] as Tensor2D)),
      ...scorer,
      ...layers.flat(),
      // No gradient flows to the bias.
      tf.zerosLike(given.bias),
    ],
    unpack: (saved: readonly Tensor[]): { params: LoopParams; given: LoopInputs } => {
      let next = 0
      const take = () => saved[next++] as Tensor
      const record = (names: readonly string[]) => named(names, names.map(take))
      const [xs, keys, values, query] = [take(), take(), take(), take()]
      const starts = states.map(record)
      const own = { scorer: record(scoring), layers: weights.map(record) }
      const bias = take() as Tensor2D
      return {
        params: own,
        given: {
          xs: xs as Tensor2D,
          keys: keys as Tensor3D,
          values: values as Tensor3D,
          query: query as Tensor2D,
          bias,
          starts,
          dropped: given.dropped,
        },
      }
    },
  }
}
