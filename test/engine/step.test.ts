import { expect, it } from 'vitest'
import { models, type Size } from '../../bench/step/cases.js'
import { firstState, madeUpBatch, stepParts } from '../../bench/step/seqlab.js'
import { floats, type HostTensor } from '../../src/core/tensors.js'
import { leaf, leaves, type Tree } from '../../src/core/tree.js'
import { createEngine } from '../../src/engine/index.js'
import type { EngineName } from '../../src/engine/types.js'
import { stepSignature } from '../../src/train/graph/signatures.js'
import { trainStep } from '../../src/train/graph/train-step.js'
import { options, worstDifference } from './helpers.js'

const size: Size = { V: 9, E: 3, H: 4, B: 3, S: 4, T: 3 }
const steps = 4

/** Whole training steps of a benchmark's model, with padding: the scalars of each step, and the last state. */
async function train(
  name: EngineName,
  model: string,
): Promise<{ outputs: Tree<HostTensor>[]; state: Tree<HostTensor> }> {
  const form = models[model]
  if (form === undefined) throw new RangeError(`no model ${model}`)
  const which = { name: model, ...form, size }
  const parts = stepParts(which)
  const engine = await createEngine(name, options)
  const executable = await engine.compile(
    model,
    trainStep(parts),
    stepSignature(parts, { batch: 3, source: 4, target: 3 }),
  )
  const state = engine.createState(firstState(parts))
  const padded = { sourceMask: mask(4, [4, 2, 1]), targetMask: mask(3, [1, 3, 2]) }
  const batch = { ...madeUpBatch(which), ...padded }
  const outputs: Tree<HostTensor>[] = []
  for (let step = 1; step <= steps; step++) {
    const scalars = { learningRate: floats([0.01], []), step: floats([step], []) }
    outputs.push(await executable.run(state, { batch, noise: {}, ...scalars }))
  }
  const last = await state.read()
  state.dispose()
  await engine.dispose()
  return { outputs, state: last }
}

function mask(length: number, real: readonly number[]): HostTensor {
  return floats(
    real.flatMap((count) => Array.from({ length }, (_, t) => (t < count ? 1 : 0))),
    [real.length, length],
  )
}

const installed = await createEngine('tfjs-node', options).then(
  (engine) => engine.dispose().then(() => true),
  () => false,
)
const others: EngineName[] = installed ? ['compiled', 'tfjs-node'] : ['compiled']

it.each(others.flatMap((engine) => Object.keys(models).map((model) => [engine, model] as const)))(
  `%s trains %s as TF.js's CPU backend does: loss within 1e-5 and parameters within 1e-4 over ${steps} steps`,
  async (engine, model) => {
    const expected = await train('tfjs-cpu', model)
    const actual = await train(engine, model)
    for (const [step, outputs] of expected.outputs.entries()) {
      const others = actual.outputs[step] as Tree<HostTensor>
      expect(leaves(others).map(([path]) => path)).toEqual(leaves(outputs).map(([path]) => path))
      expect(worstDifference(outputs, others), `step ${step + 1}`).toBeLessThan(1e-5)
    }
    expect(worstDifference(expected.state, actual.state)).toBeLessThan(1e-4)
    const objective = (of: Tree<HostTensor> | undefined) => leaf(of ?? {}, 'objective').data[0] ?? Number.NaN
    expect(objective(actual.outputs.at(-1))).toBeLessThan(objective(actual.outputs[0]))
  },
)
