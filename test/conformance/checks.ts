import { isDeepStrictEqual } from 'node:util'
import { randomStream } from '../../src/core/random.js'
import { floats, type HostTensor } from '../../src/core/tensors.js'
import { type Tensor, tf } from '../../src/core/tf.js'
import { leaf, leaves, type Tree } from '../../src/core/tree.js'
import { epochBatches, type PlannedBatch, planBuckets } from '../../src/data/batching.js'
import { loadDataset } from '../../src/data/load.js'
import type { Dataset } from '../../src/data/types.js'
import { trace } from '../../src/engine/compiled/trace.js'
import type { Engine } from '../../src/engine/types.js'
import type { BatchShape } from '../../src/model/noise.js'
import { drawNoise } from '../../src/model/noise.js'
import { specYaml } from '../../src/spec/document/print.js'
import { taskNamed } from '../../src/spec/plan/rules.js'
import type { Spec } from '../../src/spec/types.js'
import { flatten } from '../../src/train/graph/layout.js'
import { stepSignature } from '../../src/train/graph/signatures.js'
import { gradientsOfStep } from '../../src/train/graph/train-step.js'
import { type TrialFunctions, trialFunctions } from '../../src/train/graph/trial-functions.js'
import { firstState } from '../../src/train/loop/train-state.js'
import { upload } from '../support/tensors.js'
import type { Array64 } from './array64.js'
import { type Combination, readSpec } from './combinations.js'
import { exportedAgrees } from './exported.js'
import { given, interpret, only } from './interpreter.js'
import { near } from './near.js'
import { predictsInForm } from './predictions.js'

/** One combination made ready: its model under its task, its data, and the first state of training. */
interface Subject {
  readonly spec: Spec
  readonly dataset: Dataset
  readonly functions: TrialFunctions
  readonly batch: PlannedBatch
}

/**
 * A plateau can hold one start for long, and two layers of aaren oscillate at the spec's learning rate; no combination is
 * held at all of these.
 */
const starts = [1, 2, 3, 4, 5, 6, 7, 8].flatMap((seed) => [1, 1 / 3].map((rate) => ({ seed, rate })))

type Start = (typeof starts)[number]

/** Runs every check on one combination; throws with the first that fails. `reference` is the eager engine. */
export async function conform({ spec }: Combination, compiled: Engine, reference: Engine): Promise<void> {
  survivesWriting(spec)
  const dataset = await loadDataset(spec.data, sidesOf(spec), { baseDir: '.' })
  const functions = trialFunctions(spec, dataset, compiled)
  const eager = trialFunctions(spec, dataset, reference)
  const subject = { spec, dataset, functions, batch: firstBatch(functions, dataset) }
  const before = tf.memory().numTensors
  try {
    const exact = gradientsAreDifferences(subject)
    lossIsOfEachExample(subject)
    await enginesAgree(subject, eager, compiled, reference, exact)
    await predictsInForm(eager, reference, dataset, subject.batch)
    await exportedAgrees(spec, functions, dataset, compiled)
    await overfits(subject, compiled)
  } finally {
    await functions.dispose()
    await eager.dispose()
  }
  equal(tf.memory().numTensors, before, 'tensors leak')
}

function firstBatch({ model }: TrialFunctions, { train }: Dataset): PlannedBatch {
  const planned =
    model.chunks?.training(train, 4) ?? epochBatches(planBuckets(train, { batchSize: 4, maxShapes: 1 }), false)
  const [first] = planned
  if (first === undefined) throw new Error('there is no batch')
  return first
}

/** Where training from a seed starts, as the engine holds it. */
function stateOf({ functions, batch }: Subject, seed: number): Tree<HostTensor> {
  const { params, optimizer, carry } = firstState(functions.parts, seed, batch.shape.batch)
  return { params: flatten(functions.layout, params), optimizer, carry }
}

function sidesOf(spec: Spec) {
  const task = taskNamed(spec.task.type)
  if (task === undefined) throw new RangeError(`no task ${spec.task.type}`)
  return task.sides
}

/** Writing a resolved spec and reading it again gives the same spec. */
function survivesWriting(spec: Spec): void {
  const again = readSpec(specYaml(spec))
  if (!('spec' in again)) throw new Error(`the written spec is refused: ${JSON.stringify(again.problems)}`)
  if (!isDeepStrictEqual(again.spec, spec)) throw new Error('the spec changes when it is written and read')
}

/** The inputs of one training step: the batch padded to `of`, noise of step 1. */
function inputs({ functions, dataset, batch: { indices, shape } }: Subject): Tree<HostTensor> {
  return {
    batch: functions.model.collate(dataset.train, indices, shape),
    noise: drawNoise(functions.model.noise(shape), 1, 1),
    learningRate: floats([0], []),
    step: floats([1], []),
  }
}

/**
 * Every parameter's gradient against a central difference along a random direction, both computed in float64 from the
 * traced graph, where steps of 1e-5 and half of it leave errors of about 1e-9. Two of them, extrapolated to none (Richardson):
 * layer normalisation of small states bends so much within a step that one alone may be 2e-6 off. Gives what the graph puts out.
 */
function gradientsAreDifferences(subject: Subject): ReadonlyMap<string, Array64> {
  const {
    functions,
    batch: { shape },
  } = subject
  const state = stateOf(subject, 1)
  const { graph } = trace(gradientsOfStep(functions.parts), stepSignature(functions.parts, shape))
  const point = new Map([...given('state', state), ...given('input', inputs(subject))])
  const interpreted = interpret(graph, point)
  const found = interpreted.outputs
  const objective = only(graph, 'output/objective')
  const random = randomStream(1, 'test')
  for (const group of functions.layout.trained) {
    const name = `state/params/${group.name}`
    const start = point.get(name)
    const gradient = found.get(`output/gradients/${group.name}`)
    if (start === undefined || gradient === undefined) throw new Error(`no gradient of ${group.name}`)
    let offset = 0
    for (const { path, size } of group.entries) {
      const [from, to] = [offset, offset + size]
      offset = to
      const direction = start.data.map((_, i) => (i >= from && i < to ? random.normal() : 0))
      const objectiveAt = (by: number) => {
        const moved = { shape: start.shape, data: start.data.map((x, i) => x + by * (direction[i] as number)) }
        return interpreted.with(objective, name, moved).data[0] as number
      }
      const central = (by: number) => (objectiveAt(by) - objectiveAt(-by)) / (2 * by)
      const difference = (4 * central(5e-6) - central(1e-5)) / 3
      const slope = gradient.data.reduce((sum, x, i) => sum + x * (direction[i] as number), 0)
      near(slope, difference, 1e-6, `the gradient of ${path}`)
    }
  }
  return found
}

/**
 * The loss of a batch is the sum of its examples' losses, in any order and however far they are padded: neither padding
 * nor the other examples of the batch change anything. (Chunks of one long text are no examples of their own.)
 */
function lossIsOfEachExample(subject: Subject): void {
  const {
    spec,
    dataset,
    functions,
    batch: { indices, shape },
  } = subject
  const { model } = functions
  if (model.chunks !== undefined) return
  const { params } = firstState(functions.parts, 1, shape.batch)
  const lossOf = (rows: readonly number[], of: BatchShape) =>
    tf.tidy(() => {
      const settings = { labelSmoothing: 0, teacherForcing: 1 }
      const { objective } = model.loss(
        upload(params),
        upload(model.collate(dataset.train, rows, of)),
        undefined,
        settings,
        {},
      )
      return (objective as Tensor).dataSync()[0] as number
    })
  const whole = lossOf(indices, shape)
  const longer = sidesOf(spec).target === 'values' ? 0 : 2
  near(
    lossOf(indices, { ...shape, source: shape.source + 2, target: shape.target + longer }),
    whole,
    1e-6,
    'more padding',
  )
  near(lossOf(indices, { ...shape, batch: shape.batch + 2 }), whole, 1e-6, 'the loss with empty rows')
  near(lossOf([...indices].reverse(), shape), whole, 1e-6, 'the loss in another order')
  const each = indices.map((row) => lossOf([row], { ...shape, batch: 1 }))
  near(
    each.reduce((sum, loss) => sum + loss, 0),
    whole,
    1e-6,
    'the sum of the losses one by one',
  )
}

/** Loss and every gradient of the compiled engine against TF.js's own kernels, and those against float64. */
async function enginesAgree(
  subject: Subject,
  eager: TrialFunctions,
  compiled: Engine,
  reference: Engine,
  exact: ReadonlyMap<string, Array64>,
): Promise<void> {
  const run = async (functions: TrialFunctions, engine: Engine) => {
    const state = engine.createState(stateOf(subject, 1))
    const executable = await functions.gradients(subject.batch.shape)
    const outputs = await executable.run(state, inputs(subject))
    state.dispose()
    return outputs
  }
  const [actual, expected] = [await run(subject.functions, compiled), await run(eager, reference)]
  const others = new Map(leaves(actual))
  for (const [path, { data }] of leaves(expected)) {
    const [other, truth] = [others.get(path), exact.get(`output/${path}`)]
    if (other?.data.length !== data.length || truth?.data.length !== data.length)
      throw new Error(`${path} has another size`)
    for (const [i, value] of data.entries()) {
      near(other.data[i] as number, value, 2e-5, `${path}[${i}]: compiled against eager`)
      near(value, truth.data[i] as number, 1e-4, `${path}[${i}]: float32 against float64`)
    }
  }
}

/** From one start or another, the loss on one batch falls below 0.05 nats a token within 300 steps of Adam. */
async function overfits(subject: Subject, engine: Engine): Promise<void> {
  const losses: number[] = []
  for (const start of starts) {
    const loss = await trained(subject, engine, start)
    if (loss < 0.05) return
    losses.push(loss)
  }
  throw new Error(`does not overfit one batch: ${losses.map((loss) => loss.toFixed(3)).join(', ')} after 300 steps`)
}

async function trained(subject: Subject, engine: Engine, { seed, rate }: Start): Promise<number> {
  const {
    functions,
    spec,
    batch: { shape },
  } = subject
  const executable = await functions.step(shape)
  const state = engine.createState(stateOf(subject, seed))
  const fixed = inputs(subject)
  const learningRate = floats([rate * spec.train.optimizer.learningRate], [])
  let loss = Number.POSITIVE_INFINITY
  for (let step = 1; step <= 300 && !(loss < 0.05); step++) {
    const noise = drawNoise(functions.model.noise(shape), seed, step)
    const outputs = await executable.run(state, { ...fixed, noise, learningRate, step: floats([step], []) })
    loss = numberOf(outputs, 'crossEntropy') / numberOf(outputs, 'count')
  }
  state.dispose()
  return loss
}

function numberOf(outputs: Tree<HostTensor>, name: string): number {
  return leaf(outputs, name).data[0] as number
}

function equal(found: number, expected: number, what: string): void {
  if (found !== expected) throw new Error(`${what}: ${found}, expected ${expected}`)
}
