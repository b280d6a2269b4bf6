import { at } from '../../core/lists.js'
import { matrix, splitSizes } from '../../core/ops.js'
import type { Tensor2D } from '../../core/tf.js'
import { subtree } from '../../core/tree.js'
import { type DifferentiatedCell, isDifferentiated, layerParams } from '../gradients/layer.js'
import { backpropInput, concatColumns, seriesOf, stepsOf, timeMajor } from '../gradients/series.js'
import { backwardStack, type SavedLayer } from '../gradients/stack.js'
import { withStructuredGradient } from '../gradients/structured.js'
import type { Matrices } from '../gradients/types.js'
import type { HeadInput } from '../heads/types.js'
import type { Params } from '../parameters.js'
import { stateIn } from '../start.js'
import { projectedInputs, stackSeries, unroll } from './loop.js'
import { splitKernel } from './projection.js'
import { dropoutBySteps, stackDropout } from './stack.js'
import type { Loop } from './step.js'
import type { DecodedGradient, DecodedSeries, DecodeSeries, PlacementBackward, Target } from './types.js'

/** What has a gradient. */
interface Inputs {
  /** [T*B,E]. */
  readonly xs: Tensor2D
  readonly placement: object
  /** Each layer's first states and parameters, from the bottom. */
  readonly starts: readonly Matrices[]
  readonly layers: readonly Params[]
}

/** What the backward pass needs: of each step, and what was dropped between the layers. */
interface Run {
  readonly steps: readonly { readonly layers: readonly SavedLayer[]; readonly placement: object }[]
  readonly dropped: Matrices
}

/** A series of steps by what it is of, in the order in which they are joined. */
type Columns = Readonly<Partial<Record<'outputs' | 'contexts' | 'alignments', Tensor2D>>>

/**
 * The loop over a whole target as one node of the tape: its backward pass goes through placement and cells step by step,
 * and forms the gradients of weights, keys and values once from all steps. `contexts`: whether C is given as well.
 * Undefined where the cells have no handwritten gradient.
 */
export function handwritten(loop: Loop, backward: PlacementBackward, contexts: boolean): DecodeSeries | undefined {
  const cells = loop.stack.layers.map(({ cell }) => cell).filter(isDifferentiated)
  if (cells.length < loop.stack.layers.length) return undefined
  return (params, target) => {
    const steps = target.inputs.shape[1]
    const inputs = inputsOf(loop, cells, backward, params, target)
    let columns: Columns = {}
    const forward = () => {
      const { run, series } = forwards(loop, params, inputs.xs, target, steps)
      columns = wanted(series, contexts, target.reads)
      return { value: concatColumns(...Object.values(columns)), residuals: run }
    }
    const value = withStructuredGradient(inputs, forward, (gradient: Tensor2D, given, run: Run) =>
      backwards(loop, cells, backward, given, run, stepGradients(columns, gradient, steps)),
    )
    return { outputs: value, ...cut(columns, value) }
  }
}

function inputsOf(
  { stack }: Loop,
  cells: readonly DifferentiatedCell[],
  backward: PlacementBackward,
  params: Params,
  { inputs, memory, first }: Target,
): Inputs {
  const [weights, states] = [subtree(params, 'stack'), subtree(first, 'layers')]
  const named = cells.map((cell, index) => ({ cell, name: at(stack.layers, index).name }))
  return {
    xs: timeMajor(inputs),
    placement: backward.inputs(params, memory, first),
    starts: named.map(({ cell, name }) => stateIn(cell, subtree(states, name))),
    layers: named.map(({ cell, name }) => layerParams(cell, subtree(weights, name))),
  }
}

function forwards(
  loop: Loop,
  params: Params,
  xs: Tensor2D,
  { memory, first, noise, reads }: Target,
  steps: number,
): { readonly run: Run; readonly series: DecodedSeries } {
  const dropped = stackDropout(loop.stack, noise, steps)
  const projected = projectedInputs(loop, params, xs, steps)
  const unrolled = { memory, first, dropout: dropoutBySteps(dropped, steps), steps }
  const taken = unroll(loop, params, unrolled, (t) => at(projected, t))
  const decoded = taken.map((step) => step.decoded)
  return { run: { steps: taken.map(({ saved }) => saved), dropped }, series: stackSeries(decoded, reads) }
}

function backwards(
  { stack, placement }: Loop,
  cells: readonly DifferentiatedCell[],
  backward: PlacementBackward,
  given: Inputs,
  { steps, dropped }: Run,
  gradients: readonly DecodedGradient[],
): Inputs {
  const lowest = at(given.layers, 0)
  const kernels = splitKernel(lowest, placement.joined)
  const drops = stack.layers.map(({ name }) => {
    const drop = dropped[name]
    return drop === undefined ? undefined : stepsOf(drop, steps.length)
  })
  const pass = backward.begin(
    given.placement,
    steps.map((step) => step.placement),
  )
  const down = backwardStack(
    cells,
    given.layers,
    steps.map(({ layers }) => layers),
    drops,
  )
  for (let t = steps.length - 1; t >= 0; t--) {
    const gradient = at(gradients, t)
    const projected = down.step(t, pass.leave(t, gradient))
    pass.enter(t, gradient, () => (kernels === undefined ? undefined : backpropInput(projected, kernels.joined)))
  }
  const joined = pass.joined()
  return {
    xs: backpropInput(down.projected(), kernels?.input ?? matrix(lowest, 'kernel')),
    starts: down.starts(),
    layers: down.parameters(joined === undefined ? given.xs : concatColumns(given.xs, seriesOf(joined))),
    placement: pass.gradients(),
  }
}

// ---- outputs, contexts and alignments side by side ---------------------------------------------------------------

function wanted({ outputs, contexts, alignments }: DecodedSeries, seen: boolean, reads: readonly HeadInput[]): Columns {
  return {
    outputs,
    ...(contexts !== undefined && (seen || reads.includes('context')) ? { contexts } : {}),
    ...(alignments === undefined ? {} : { alignments }),
  }
}

/** Cuts what was joined. */
function cut(columns: Columns, joined: Tensor2D): Columns {
  const names = Object.keys(columns)
  if (names.length === 1) return { outputs: joined }
  const sizes = Object.values(columns).map((column) => column.shape[1])
  const parts = splitSizes(joined, sizes, 1)
  return Object.fromEntries(names.map((name, index) => [name, at(parts, index)]))
}

function stepGradients(columns: Columns, gradient: Tensor2D, steps: number): readonly DecodedGradient[] {
  const { outputs, contexts, alignments } = cut(columns, gradient)
  const bySteps = { outputs: stepsOf(outputs ?? gradient, steps), contexts: contexts && stepsOf(contexts, steps) }
  const ofAlignments = alignments && stepsOf(alignments, steps)
  return bySteps.outputs.map((output, t) => ({
    output,
    context: bySteps.contexts?.[t],
    alignment: ofAlignments?.[t],
  }))
}
