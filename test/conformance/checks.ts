import { isDeepStrictEqual } from 'node:util'
import { randomStream } from '../../src/core/random.js'
import { floats, type HostTensor } from '../../src/core/tensors.js'
import { type Tensor, tf } from '../../src/core/tf.js'
import { leaf, leaves, mapTree, type Tree } from '../../src/core/tree.js'
import { loadDataset } from '../../src/data/load.js'
import type { Dataset } from '../../src/data/types.js'
import { trace } from '../../src/engine/compiled/trace.js'
import type { Engine, EngineState } from '../../src/engine/types.js'
import { drawNoise } from '../../src/model/noise.js'
import type { BatchShape } from '../../src/model/types.js'
import { specYaml } from '../../src/spec/print.js'
import { taskNamed } from '../../src/spec/rules.js'
import type { Spec } from '../../src/spec/types.js'
import { type TrialFunctions, trialFunctions } from '../../src/train/functions.js'
import { flatten } from '../../src/train/layout.js'
import { firstState } from '../../src/train/progress.js'
import { gradientsOfStep, stepSignature } from '../../src/train/step.js'
import { upload } from '../support/tensors.js'
import { type Combination, readSpec } from './combinations.js'
import { given, interpret, only } from './interpreter.js'

/** One combination made ready: its model under its task, its data, and the first state of training. */
interface Subject {
  readonly spec: Spec
  readonly dataset: Dataset
  readonly functions: TrialFunctions
  readonly shape: BatchShape
  readonly state: Tree<HostTensor>
}

const shape: BatchShape = { batch: 4, source: 4, target: 4 }
const rows = [0, 1, 2, 3]

/** Runs every check on one combination; throws with the first that fails. `reference` is the eager engine. */
export async function conform({ spec }: Combination, compiled: Engine, reference: Engine): Promise<void> {
  survivesWriting(spec)
  const dataset = await loadDataset(spec.data, sidesOf(spec), { baseDir: '.' })
  const functions = trialFunctions(spec, dataset, compiled)
  const eager = trialFunctions(spec, dataset, reference)
  const { params, optimizer, carry } = firstState(functions.parts, spec.seed, shape.batch)
  const state = { params: flatten(functions.layout, params), optimizer, carry }
  const subject = { spec, dataset, functions, shape, state }
  const before = tf.memory().numTensors
  try {
    gradientsAreDifferences(subject)
    lossIsOfEachExample(subject)
    await enginesAgree(subject, eager, compiled, reference)
    await overfits(subject, compiled)
  } finally {
    await functions.dispose()
    await eager.dispose()
  }
  equal(tf.memory().numTensors, before, 'tensors leak')
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
function inputs({ functions, dataset }: Subject, of: BatchShape = shape, indices = rows): Tree<HostTensor> {
  return {
    batch: functions.model.collate(dataset.train, indices, of),
    noise: drawNoise(functions.model.noise(of), 1, 1),
    learningRate: floats([0], []),
    step: floats([1], []),
  }
}

/**
 * Every parameter's gradient against a central difference along a random direction, both computed in float64 from the
 * traced graph, where a step of 1e-5 leaves errors of about 1e-9.
 */
function gradientsAreDifferences(subject: Subject): void {
  const { functions, state } = subject
  const { graph } = trace(gradientsOfStep(functions.parts), stepSignature(functions.parts, shape))
  const point = new Map([...given('state', state), ...given('input', inputs(subject))])
  const found = interpret(graph, point)
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
        return interpret(objective, new Map([...point, [name, moved]])).get('output/objective')?.data[0] as number
      }
      const difference = (objectiveAt(1e-5) - objectiveAt(-1e-5)) / 2e-5
      const slope = gradient.data.reduce((sum, x, i) => sum + x * (direction[i] as number), 0)
      near(slope, difference, 1e-6, `the gradient of ${path}`)
    }
  }
}

/**
 * The loss of a batch is the sum of its examples' losses, in any order and however far they are padded: neither padding
 * nor the other examples of the batch change anything.
 */
function lossIsOfEachExample(subject: Subject): void {
  const { spec, dataset, functions } = subject
  const params = mapTree(firstState(functions.parts, spec.seed, shape.batch).params, (leaf) => leaf)
  const lossOf = (indices: readonly number[], of: BatchShape) =>
    tf.tidy(() => {
      const { model } = functions
      const batch = upload(model.collate(dataset.train, indices, of))
      const carry = mapTree(model.carry(of.batch), ({ shape }) => tf.zeros([...shape]))
      const settings = { labelSmoothing: 0, teacherForcing: 1 }
      const { objective } = model.loss(upload(params), batch, undefined, settings, carry as Tree<Tensor>)
      return (objective as Tensor).dataSync()[0] as number
    })
  const whole = lossOf(rows, shape)
  near(lossOf(rows, { ...shape, source: 6, target: 6 }), whole, 1e-6, 'the loss with more padding')
  near(lossOf(rows, { ...shape, batch: 6 }), whole, 1e-6, 'the loss with empty rows')
  near(lossOf([3, 1, 0, 2], shape), whole, 1e-6, 'the loss in another order')
  const each = rows.map((row) => lossOf([row], { ...shape, batch: 1 }))
  near(
    each.reduce((sum, loss) => sum + loss, 0),
    whole,
    1e-6,
    'the sum of the losses one by one',
  )
}

/** Loss and every gradient of the compiled engine against TF.js's own kernels. */
async function enginesAgree(subject: Subject, eager: TrialFunctions, compiled: Engine, reference: Engine) {
  const run = async (functions: TrialFunctions, engine: Engine) => {
    const state = engine.createState(subject.state)
    const executable = await functions.gradients(shape)
    const outputs = await executable.run(state, inputs(subject))
    state.dispose()
    return outputs
  }
  const [actual, expected] = [await run(subject.functions, compiled), await run(eager, reference)]
  const others = new Map(leaves(actual))
  for (const [path, { data }] of leaves(expected)) {
    const other = others.get(path)
    if (other === undefined || other.data.length !== data.length) throw new Error(`${path} has another shape`)
    for (const [i, value] of data.entries())
      near(other.data[i] as number, value, 2e-5, `${path}[${i}]: compiled against eager`)
  }
}

/** Within 300 steps of Adam the loss on one batch falls below 0.05 nats a token. */
async function overfits(subject: Subject, engine: Engine): Promise<void> {
  const { functions, state: start, spec } = subject
  const executable = await functions.step(shape)
  const state = engine.createState(start)
  let loss = Number.POSITIVE_INFINITY
  try {
    for (let step = 1; step <= 300; step++) {
      loss = await oneStep(subject, state, executable, step, spec.train.optimizer.learningRate)
      if (loss < 0.05) return
    }
  } finally {
    state.dispose()
  }
  throw new Error(`does not overfit one batch: ${loss.toFixed(3)} nats a token after 300 steps`)
}

async function oneStep(
  subject: Subject,
  state: EngineState,
  executable: Awaited<ReturnType<TrialFunctions['step']>>,
  step: number,
  learningRate: number,
): Promise<number> {
  const noise = drawNoise(subject.functions.model.noise(shape), 1, step)
  const scalars = { learningRate: floats([learningRate], []), step: floats([step], []) }
  const outputs = await executable.run(state, { ...inputs(subject), noise, ...scalars })
  return (leaf(outputs, 'crossEntropy').data[0] as number) / (leaf(outputs, 'count').data[0] as number)
}

function near(found: number, expected: number, tolerance: number, what: string): void {
  const gap = Math.abs(found - expected) / Math.max(1, Math.abs(expected))
  if (!(gap <= tolerance))
    throw new Error(`${what}: ${found}, expected ${expected} (differs by ${gap.toExponential(1)})`)
}

function equal(found: number, expected: number, what: string): void {
  if (found !== expected) throw new Error(`${what}: ${found}, expected ${expected}`)
}
