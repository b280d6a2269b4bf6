import { type Tensor2D, tf } from '../../core/tf.js'
import { dense } from '../maps/dense.js'
import {
  type Attending,
  type Attention,
  type AttentionBack,
  attend,
  attendBack,
  attendedGradients,
} from './attending.js'
import type { LoopConstants, LoopInputs } from './attention-loop.js'
import type { FastLayer } from './layer.js'
import { addAll, beside, productOverRows, seriesOf, stepsOf, sumRows, tanhSlope, through } from './series.js'
import { at, dropSteps, emptyRun, firstInput, firstKernels, type StackRun, stepUp, wayDown } from './stack.js'
import { withStructuredGradient } from './structured.js'
import type { Named } from './types.js'

/** A decoder with attention formed after its cells, as its fast path sees it. */
export interface LuongLoop {
  readonly attending: Attending
  readonly layers: readonly FastLayer[]
  /** Whether the joined vector stands beside the next input. */
  readonly feeds: boolean
  /** Whether contexts are wanted beside the outputs. */
  readonly seen: boolean
}

/** What has a gradient. */
export interface LuongInputs extends Omit<LoopInputs, 'query'> {
  /** The layer that joins C and the top output: `kernel` [D+H,H], `bias` [H]. */
  readonly joint: Named
}

interface Run {
  readonly stack: StackRun
  readonly attention: readonly Attention[]
  /** [C_t; h_t], and h̃_t. */
  readonly pairs: readonly Tensor2D[]
  readonly joined: readonly Tensor2D[]
  readonly dropped: LoopConstants['dropped']
}

/**
 * All steps of a decoder that attends with its new output (Luong et al. 2015): h̃_t = tanh(W_c [C_t; h_t] + b) as a series
 * [T*B,H], beside contexts [T*B,D] where they are `seen`. One node of the tape, as `runAttentionLoop`; with input feeding
 * h̃_t has a gradient through the gates of step t + 1.
 */
export function runLuongLoop(loop: LuongLoop, inputs: LuongInputs, constants: LoopConstants): Tensor2D {
  const steps = (inputs.xs.shape[0] ?? 0) / inputs.attended.values.shape[0]
  return withStructuredGradient(
    inputs,
    () => forwards(loop, inputs, constants, steps),
    (gradient, given, run: Run) => backwards(loop, given, run, gradient, steps),
  )
}

function forwards(loop: LuongLoop, inputs: LuongInputs, { bias, dropped }: LoopConstants, steps: number) {
  const kernels = firstKernels(inputs.layers, inputs.xs.shape[1], loop.feeds)
  const gates = stepsOf(dense({ ...at(inputs.layers, 0), kernel: kernels.input }, inputs.xs), steps)
  const drops = dropSteps(dropped, steps)
  const stack = emptyRun(loop.layers.length)
  const states = [...inputs.starts]
  const run = { attention: [] as Attention[], pairs: [] as Tensor2D[], joined: [] as Tensor2D[] }
  for (const [t, own] of gates.entries()) {
    const fed = run.joined.at(-1)
    const feeding = kernels.joined !== undefined && fed !== undefined
    const whole: Tensor2D = feeding ? tf.add(tf.matMul(fed, kernels.joined), own) : own
    const dropsOfStep = drops.map((drop) => drop?.[t])
    const query = stepUp(loop.layers, inputs.layers, whole, states, dropsOfStep, stack)
    const attended = attend(loop.attending, inputs.scorer, query, inputs.attended, bias)
    const pair = beside(attended.context, query)
    run.attention.push(attended)
    run.pairs.push(pair)
    run.joined.push(tf.tanh(dense(inputs.joint, pair)))
  }
  const outputs = seriesOf(run.joined)
  const value = loop.seen ? beside(outputs, seriesOf(run.attention.map(({ context }) => context))) : outputs
  return { value, kept: { stack, dropped, ...run } }
}

function backwards(loop: LuongLoop, inputs: LuongInputs, run: Run, gradient: Tensor2D, steps: number): LuongInputs {
  const { attending } = loop
  const { outputs, contexts } = separate(loop, inputs, gradient, steps)
  const kernels = firstKernels(inputs.layers, inputs.xs.shape[1], loop.feeds)
  const down = wayDown(loop.layers, inputs.layers, run.stack, dropSteps(run.dropped, steps), steps)
  const size = inputs.attended.values.shape[2]
  const joint = inputs.joint.kernel as Tensor2D
  const [back, sums] = [new Array<AttentionBack>(steps), new Array<Tensor2D>(steps)]
  let fed: Tensor2D | undefined
  for (let t = steps - 1; t >= 0; t--) {
    const sum: Tensor2D = tf.mul(addAll(outputs[t], fed), tanhSlope(at(run.joined, t)))
    const [dContext, dOutput] = tf.split(through(sum, joint), [size, joint.shape[0] - size], 1) as [Tensor2D, Tensor2D]
    const context = addAll(dContext, contexts?.[t])
    const stepped = attendBack(attending, inputs.scorer, inputs.attended, at(run.attention, t), context)
    const gates = down.step(t, addAll(dOutput, stepped.query))
    back[t] = stepped
    sums[t] = sum
    fed = kernels.joined === undefined || t === 0 ? undefined : through(gates, kernels.joined)
  }
  const ofSums = seriesOf(sums)
  const before = [tf.zerosLike(at(run.joined, 0)), ...run.joined.slice(0, -1)]
  return {
    xs: through(down.gates(), kernels.input),
    starts: down.starts(),
    layers: down.parameters(firstInput(inputs.xs, loop.feeds ? before : undefined)),
    joint: { kernel: productOverRows(seriesOf(run.pairs), ofSums), bias: sumRows(ofSums) as Tensor2D },
    ...attendedGradients(attending, inputs.scorer, inputs.attended, run.attention, back),
  }
}

/** The gradient of outputs and, where they are seen, of contexts, step by step. */
function separate({ seen }: LuongLoop, { joint }: LuongInputs, gradient: Tensor2D, steps: number) {
  if (!seen) return { outputs: stepsOf(gradient, steps), contexts: undefined }
  const hidden = (joint.bias as Tensor2D).shape[0]
  const [outputs, contexts] = tf.split(gradient, [hidden, gradient.shape[1] - hidden], 1) as [Tensor2D, Tensor2D]
  return { outputs: stepsOf(outputs, steps), contexts: stepsOf(contexts, steps) }
}
