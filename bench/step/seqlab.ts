import { matrix } from '../../src/core/ops.js'
import { randomStream } from '../../src/core/random.js'
import { floats, type HostTensor, ints, zeros } from '../../src/core/tensors.js'
import { tf } from '../../src/core/tf.js'
import { mapTree, type Tree } from '../../src/core/tree.js'
import { createEngine } from '../../src/engine/index.js'
import type { EngineName, ExecutableInfo } from '../../src/engine/types.js'
import { initialise } from '../../src/model/initialise.js'
import type { BatchShape } from '../../src/model/noise.js'
import { buildTransducer } from '../../src/model/transducer.js'
import { tag } from '../../src/task/tag.js'
import type { TaskModel } from '../../src/task/types.js'
import { flatten, layoutOf } from '../../src/train/graph/layout.js'
import { slotSpecs, stepSignature } from '../../src/train/graph/signatures.js'
import { type StepParts, trainStep } from '../../src/train/graph/train-step.js'
import { adam } from '../../src/train/optimizers/adam.js'
import { type Case, modelOptions, TAGS } from './cases.js'

type BenchModel = Pick<TaskModel, 'parameters' | 'inputs' | 'noise' | 'loss' | 'carry'>

/** What the step needs of a task: the transducer's loss over source, input, output and mask, or the tagger's own. */
function benchModel(which: Case): BenchModel {
  return which.head?.type === 'crf' ? taggingModel(which) : transducingModel(which)
}

function taggingModel(which: Case): BenchModel {
  const { V, S } = which.size
  const sizes = { source: { vocabulary: V }, target: { vocabulary: TAGS }, longestSource: S, longestTarget: S }
  return tag.build({}).build(modelOptions(which), sizes)
}

function transducingModel(which: Case): BenchModel {
  const { V, S, T } = which.size
  const space = { vocabulary: V }
  const sizes = { source: space, target: space, longestSource: S, longestTarget: T, unknown: 3 }
  const transducer = buildTransducer(modelOptions(which), sizes)
  return {
    parameters: transducer.parameters,
    inputs: ({ batch, source, target }: BatchShape) => ({
      source: { dtype: 'int32', shape: [batch, source] },
      copies: { dtype: 'int32', shape: [batch, source] },
      sourceMask: { dtype: 'float32', shape: [batch, source] },
      input: { dtype: 'int32', shape: [batch, target] },
      output: { dtype: 'int32', shape: [batch, target] },
      targetMask: { dtype: 'float32', shape: [batch, target] },
    }),
    noise: () => ({}),
    carry: () => ({}),
    loss: (params, batch, noise, settings) => {
      const of = (name: string) => matrix(batch, name)
      const mask = of('targetMask')
      const labels = { input: of('input'), output: of('output'), mask }
      const sequence = { ids: of('source'), mask: of('sourceMask'), copies: of('copies') }
      return { ...transducer.loss(params, sequence, labels, noise, settings), count: tf.sum(mask) }
    },
  }
}

/** Adam at 1e-3 and clipping at 1, as the peers have it. */
export function stepParts(which: Case): StepParts {
  const model = benchModel(which) as TaskModel
  const optimizer = adam.build({ learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 })
  return { model, layout: layoutOf(model.parameters), optimizer, clipNorm: 1, labelSmoothing: 0, alwaysForced: true }
}

export function firstState(parts: StepParts): Tree<HostTensor> {
  return {
    params: flatten(parts.layout, initialise(parts.model.parameters, 1)),
    optimizer: mapTree(slotSpecs(parts), (spec) => zeros(spec)),
    carry: {},
  }
}

/** Ids without the four specials, no padding. */
export function madeUpBatch({ head, size: { V, B, S, T } }: Case): Tree<HostTensor> {
  const random = randomStream(1, 'test')
  const draw = (steps: number, first: number, end: number) =>
    ints(
      Int32Array.from({ length: B * steps }, () => first + random.below(end - first)),
      [B, steps],
    )
  const ones = (steps: number) => floats(new Float32Array(B * steps).fill(1), [B, steps])
  const source = draw(S, 4, V)
  if (head?.type === 'crf') {
    return { source: { ids: source, mask: ones(S) }, target: { labels: draw(S, 0, TAGS), mask: ones(S) } }
  }
  const [input, output] = [draw(T, 4, V), draw(T, 4, V)]
  return { source, copies: copiesOf(source, V), sourceMask: ones(S), input, output, targetMask: ones(T) }
}

/** Each source symbol as a target symbol: its own id, every fourth one not in the target vocabulary. */
function copiesOf({ data, shape }: ReturnType<typeof ints>, V: number): HostTensor {
  const steps = shape[1] ?? 1
  const id = (own: number, place: number) => (own % 4 === 0 ? V + (place % steps) : own)
  return ints(Int32Array.from(data, id), shape)
}

/** One engine with one model made ready. */
export interface Runner {
  readonly info: ExecutableInfo
  readonly stateBytes: number
  /** Runs `steps` steps; the last objective. */
  run(steps: number): Promise<number>
  dispose(): Promise<void>
}

export async function prepareSeqlab(
  which: Case,
  name: EngineName,
  options: { readonly threads: number; readonly dumpGraphDir?: string },
): Promise<Runner> {
  const engine = await createEngine(name, options)
  const parts = stepParts(which)
  const { B, S, T } = which.size
  const signature = stepSignature(parts, { batch: B, source: S, target: T })
  const executable = await engine.compile(`step ${which.name}`, trainStep(parts), signature)
  const state = engine.createState(firstState(parts))
  const batch = madeUpBatch(which)
  const learningRate = floats([1e-3], [])
  let step = 0
  return {
    info: executable.info,
    get stateBytes() {
      return state.bytes
    },
    run: async (steps) => {
      let objective = Number.NaN
      for (let done = 0; done < steps; done++) {
        step++
        const outputs = await executable.run(state, { batch, noise: {}, learningRate, step: floats([step], []) })
        objective = (outputs.objective as HostTensor).data[0] ?? Number.NaN
      }
      return objective
    },
    dispose: async () => {
      state.dispose()
      await engine.dispose()
    },
  }
}
