import { type Tensor2D, tf } from '../../core/tf.js'
import { dense } from '../maps/dense.js'
import {
  type Attended,
  type Attending,
  type Attention,
  type AttentionBack,
  attend,
  attendBack,
  attendedGradients,
} from './attending.js'
import type { FastLayer } from './layer.js'
import { addAll, beside, seriesOf, stepsOf, through } from './series.js'
import {
  at,
  dropSteps,
  emptyRun,
  firstInput,
  firstKernels,
  type StackParams,
  type StackRun,
  stepUp,
  wayDown,
} from './stack.js'
import { withStructuredGradient } from './structured.js'
import type { Named } from './types.js'

/** A decoder with attention formed before its cells, as its fast path sees it. */
export interface AttentionLoop {
  readonly attending: Attending
  readonly layers: readonly FastLayer[]
  /** Whether C stands beside the input of the first layer. */
  readonly beside: boolean
}

/** What has a gradient. */
export interface LoopInputs {
  /** [T*B,E]. */
  readonly xs: Tensor2D
  readonly attended: Attended
  /** The first query [B,H]. */
  readonly query: Tensor2D
  /** Each layer's first states, from the bottom. */
  readonly starts: readonly Named[]
  readonly scorer: Named
  readonly layers: StackParams
}

/** What has none. */
export interface LoopConstants {
  /** [B,S], far below zero on padding. */
  readonly bias: Tensor2D
  /** What goes into each layer after the first is multiplied by: [T*B,H], or nothing. */
  readonly dropped: readonly (Tensor2D | undefined)[]
}

interface Run {
  readonly stack: StackRun
  readonly attention: readonly Attention[]
  readonly dropped: LoopConstants['dropped']
}

/**
 * All steps of a decoder that attends with its previous output: outputs [T*B,H] beside contexts [T*B,D]. One node of the
 * tape; the way back goes through attention and cells step by step, and forms the gradients of weights, keys and values
 * once from all steps.
 */
export function runAttentionLoop(loop: AttentionLoop, inputs: LoopInputs, constants: LoopConstants): Tensor2D {
  const steps = (inputs.xs.shape[0] ?? 0) / inputs.query.shape[0]
  return withStructuredGradient(
    inputs,
    () => forwards(loop, inputs, constants, steps),
    (gradient, given, run: Run) => backwards(loop, given, run, gradient, steps),
  )
}

function forwards(loop: AttentionLoop, inputs: LoopInputs, { bias, dropped }: LoopConstants, steps: number) {
  const { layers } = loop
  const kernels = firstKernels(inputs.layers, inputs.xs.shape[1], loop.beside)
  const gates = stepsOf(dense({ ...at(inputs.layers, 0), kernel: kernels.input }, inputs.xs), steps)
  const drops = dropSteps(dropped, steps)
  const stack = emptyRun(layers.length)
  const states = [...inputs.starts]
  const [attention, outputs] = [[] as Attention[], [] as Tensor2D[]]
  let query = inputs.query
  for (const [t, own] of gates.entries()) {
    const attended = attend(loop.attending, inputs.scorer, query, inputs.attended, bias)
    const { context } = attended
    const whole = kernels.joined === undefined ? own : (tf.add(tf.matMul(context, kernels.joined), own) as Tensor2D)
    const dropsOfStep = drops.map((drop) => drop?.[t])
    query = stepUp(layers, inputs.layers, whole, states, dropsOfStep, stack)
    attention.push(attended)
    outputs.push(query)
  }
  const contexts = seriesOf(attention.map(({ context }) => context))
  return { value: beside(seriesOf(outputs), contexts), kept: { stack, attention, dropped } }
}

function backwards(loop: AttentionLoop, inputs: LoopInputs, run: Run, gradient: Tensor2D, steps: number): LoopInputs {
  const { attending } = loop
  const hidden = inputs.query.shape[1]
  const [dOutputs, dContexts] = tf.split(gradient, [hidden, gradient.shape[1] - hidden], 1) as [Tensor2D, Tensor2D]
  const [outputs, contexts] = [stepsOf(dOutputs, steps), stepsOf(dContexts, steps)]
  const kernels = firstKernels(inputs.layers, inputs.xs.shape[1], loop.beside)
  const down = wayDown(loop.layers, inputs.layers, run.stack, dropSteps(run.dropped, steps), steps)
  const back = new Array<AttentionBack>(steps)
  let query: Tensor2D | undefined
  for (let t = steps - 1; t >= 0; t--) {
    const gates = down.step(t, addAll(outputs[t], query))
    const context = addAll(kernels.joined === undefined ? undefined : through(gates, kernels.joined), contexts[t])
    const stepped = attendBack(attending, inputs.scorer, inputs.attended, at(run.attention, t), context)
    back[t] = stepped
    query = stepped.query
  }
  const beside = loop.beside ? run.attention.map(({ context }) => context) : undefined
  return {
    xs: through(down.gates(), kernels.input),
    query: query as Tensor2D,
    starts: down.starts(),
    layers: down.parameters(firstInput(inputs.xs, beside)),
    ...attendedGradients(attending, inputs.scorer, inputs.attended, run.attention, back),
  }
}
