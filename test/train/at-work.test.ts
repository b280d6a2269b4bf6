import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { numberOrNaN } from '../../src/core/measured.js'
import { floats, type HostTensor } from '../../src/core/tensors.js'
import { leaves, subtree, type Tree } from '../../src/core/tree.js'
import { describeData } from '../../src/data/description.js'
import { createEngine } from '../../src/engine/index.js'
import type { Engine } from '../../src/engine/types.js'
import { writeCheckpoint } from '../../src/store/trial/checkpoint.js'
import { writeDataDescription } from '../../src/store/trial/data-description.js'
import { teacherForcings } from '../../src/train/forcing/index.js'
import { trialFunctions } from '../../src/train/graph/trial-functions.js'
import { engineTensors, firstState } from '../../src/train/loop/train-state.js'
import { runTrial } from '../../src/train/loop/trial.js'
import type { TrainOptions } from '../../src/train/options.js'
import type { TrainState, TrialSettings } from '../../src/train/types.js'
import { encoderOptions, greedy } from '../support/options.js'
import { bytesOf, graphCache, listen, reversals, toySettings } from './toy.js'

const dataset = reversals()
let engine: Engine
let dir: string
let graphs: ReturnType<typeof graphCache>
beforeAll(async () => {
  engine = await createEngine('compiled', { threads: 1 })
  graphs = graphCache(dataset, engine)
  dir = await mkdtemp(join(tmpdir(), 'seqlab-train-'))
})
afterAll(async () => {
  await graphs.dispose()
  await engine.dispose()
  await rm(dir, { recursive: true })
})

/** No dropout: batches of different shapes would draw different noise. */
const plain: TrialSettings = {
  ...toySettings,
  train: { ...toySettings.train, maxShapes: 1 },
  model: {
    ...toySettings.model,
    encoder: { ...(toySettings.model.encoder as NonNullable<TrialSettings['model']['encoder']>), dropout: 0 },
    decoder: { ...(toySettings.model.decoder as NonNullable<TrialSettings['model']['decoder']>), dropout: 0 },
  },
}
const withTrain = (train: Partial<TrainOptions>, from = plain): TrialSettings => ({
  ...from,
  train: { ...from.train, ...train },
})

/** The last state of a run, and what it recorded. */
async function trained(settings: TrialSettings, seed = 1) {
  const { ports, saved, lines } = listen()
  const result = await runTrial(settings, seed, dataset, engine, undefined, ports, graphs.of(settings))
  return { state: saved.at(-1) as TrainState, lines, result }
}

describe('accumulation', () => {
  const scalar = (value: number) => floats([value], [])
  const flat = (tree: Tree<HostTensor>) => leaves(tree).flatMap(([, { data }]) => [...data])

  test('two batches of two are one batch of four', async () => {
    const optimizer = { type: 'sgd', learningRate: 0.1, weightDecay: 0 } as const
    const functions = trialFunctions(withTrain({ accumulate: 2, optimizer }), dataset, engine)
    const start = engineTensors(functions.parts, true, firstState(functions.parts, 1, 4))
    const batch = (rows: number[], size: number) =>
      functions.model.collate(dataset.train, rows, { batch: size, source: 3, target: 3 })
    const update = { learningRate: scalar(0.1), step: scalar(1) }
    const [whole, parts] = [engine.createState(start), engine.createState(start)]
    const step = await functions.step({ batch: 4, source: 3, target: 3 })
    const once = await step.run(whole, { batch: batch([20, 40, 3, 50], 4), noise: {}, ...update })
    const accumulate = await functions.accumulate({ batch: 2, source: 3, target: 3 })
    // Twice, so that what the first time left behind is seen not to count.
    for (const [first, rows] of [
      [1, [1, 2]],
      [1, [20, 40]],
      [0, [3, 50]],
    ] as const) {
      await accumulate.run(parts, { batch: batch([...rows], 2), noise: {}, first: scalar(first) })
    }
    const twice = await (await functions.apply()).run(parts, update)
    expect(twice.gradientNorm).toMatchObject({ shape: [] })
    expect(flat({ n: twice.gradientNorm as HostTensor })[0]).toBeCloseTo(
      flat({ n: once.gradientNorm as HostTensor })[0] ?? 0,
      5,
    )
    const [a, b] = [flat(subtree(await whole.read(), 'params')), flat(subtree(await parts.read(), 'params'))]
    a.forEach((value, index) => {
      expect(b[index]).toBeCloseTo(value, 6)
    })
    whole.dispose()
    parts.dispose()
    await functions.dispose()
  })

  test('a run of accumulated steps stops and resumes to the same bytes', async () => {
    const settings = withTrain({
      accumulate: 3,
      steps: 6,
      validate: { every: 2, select: { type: 'ser' }, decode: greedy },
    })
    const whole = await trained(settings)
    const first = listen(3)
    await runTrial(settings, 1, dataset, engine, undefined, first.ports, graphs.of(settings))
    const second = listen()
    await runTrial(settings, 1, dataset, engine, first.saved.at(-1), second.ports, graphs.of(settings))
    expect([...first.lines, ...second.lines]).toEqual(whole.lines)
    expect(bytesOf(second.saved.at(-1)?.params ?? {})).toEqual(bytesOf(whole.state.params))
  })
})

describe('freezing', () => {
  test('frozen parameters stay as they were drawn, the others move', async () => {
    const { state } = await trained(withTrain({ freeze: ['encoder/*', 'source/table'], steps: 2 }))
    const functions = trialFunctions(plain, dataset, engine)
    const [before, after] = [bytesOf(firstState(functions.parts, 1, 16).params), bytesOf(state.params)]
    for (const path of Object.keys(after)) {
      const frozen = path.startsWith('encoder/') || path === 'source/table'
      expect(after[path] === before[path], path).toBe(frozen)
    }
  })

  test('a pattern without a parameter is refused, and the nearest name is given', async () => {
    const run = trained(withTrain({ freeze: ['head/*', 'encodr/*'] }))
    await expect(run).rejects.toMatchObject({
      code: 'spec',
      problems: [{ path: 'train.freeze.1', message: expect.stringContaining('did you mean `encoder/*`') }],
    })
    await expect(run).rejects.toThrow(/encodr/)
    await expect(trained(withTrain({ freeze: ['*'] }))).rejects.toThrow(/nothing is left to train/)
  })
})

/** As a run leaves it. */
function keep(name: string, state: TrainState): void {
  const checkpoint = join(dir, name, 'checkpoint')
  writeCheckpoint(checkpoint, state)
  writeDataDescription(checkpoint, describeData(dataset, {}))
}

describe('starting from another run', () => {
  test('from its best parameters', async () => {
    const { state } = await trained(withTrain({ steps: 4 }))
    keep('one', state)
    const init = { from: join(dir, 'one'), parameters: ['encoder/*'], take: 'parameters' as const }
    const { lines } = await trained(withTrain({ init, steps: 1 }), 9)
    const { lines: cold } = await trained(withTrain({ steps: 1 }), 9)
    expect(lines[0]?.loss).not.toBe(cold[0]?.loss)
    const all = { ...init, parameters: ['*'] }
    const { lines: warm } = await trained(withTrain({ init: all, steps: 1 }), 9)
    expect(warm[0]?.loss).toBeLessThan(0.9 * numberOrNaN(cold[0]?.loss ?? 0))
  })

  test('going on with more steps is the longer run, to the byte', async () => {
    const constant = { schedule: { type: 'constant' } } as const
    const { state } = await trained(withTrain({ ...constant, steps: 5 }, toySettings))
    keep('two', state)
    const init = { from: join(dir, 'two'), parameters: ['*'], take: 'training' as const }
    const longer = await trained(withTrain({ ...constant, init, steps: 10 }, toySettings))
    const whole = await trained(withTrain({ ...constant, steps: 10 }, toySettings))
    expect(bytesOf(longer.state.params)).toEqual(bytesOf(whole.state.params))
    expect(bytesOf(longer.state.optimizer)).toEqual(bytesOf(whole.state.optimizer))
    await expect(trained(withTrain({ ...constant, init, steps: 10 }), 2)).rejects.toThrow(/seed/)
  })

  test('what does not fit is named with both shapes', async () => {
    const { state } = await trained(withTrain({ steps: 1 }))
    keep('three', state)
    const init = { from: join(dir, 'three'), parameters: ['*'], take: 'parameters' as const }
    const wider = { ...plain, model: { ...plain.model, encoder: encoderOptions({ hidden: 14, bidirectional: true }) } }
    await expect(trained(withTrain({ init }, wider))).rejects.toThrow(
      /encoder\/layer1\/forward\/kernel is \[8, 42\] here and \[8, 36\] there/,
    )
    const missing = { ...init, from: join(dir, 'nowhere') }
    await expect(trained(withTrain({ init: missing }))).rejects.toMatchObject({ code: 'run' })
  })
})

describe('teacher forcing', () => {
  test('probabilities at chosen steps of 11, by hand', () => {
    const at = (choice: Parameters<typeof teacherForcings.build>[0], ...steps: readonly number[]) => {
      const probability = teacherForcings.build(choice)
      return steps.map((step) => probability({ step, totalSteps: 11 }))
    }
    expect(at({ type: 'always' }, 5)).toEqual([1])
    expect(at({ type: 'ratio', ratio: 0.3 }, 5)).toEqual([0.3])
    expect(at({ type: 'linear', from: 1, to: 0.5 }, 1, 6, 11)).toEqual([1, 0.75, 0.5])
    expect(at({ type: 'exponential', base: 0.5 }, 1, 2, 4)).toEqual([1, 0.5, 0.125])
    expect(at({ type: 'inverse-sigmoid', k: 1 }, 1)).toEqual([0.5])
    expect(at({ type: 'inverse-sigmoid', k: 10 }, 11)[0]).toBeCloseTo(10 / (10 + Math.E), 12)
  })

  test('a probability of 1 is teacher forcing; a lower one is another run, the same every time', async () => {
    const forced = await trained(withTrain({ steps: 3 }))
    const one = await trained(withTrain({ steps: 3, teacherForcing: { type: 'ratio', ratio: 1 } }))
    const half = await trained(withTrain({ steps: 3, teacherForcing: { type: 'ratio', ratio: 0.3 } }))
    const again = await trained(withTrain({ steps: 3, teacherForcing: { type: 'ratio', ratio: 0.3 } }))
    expect(one.lines[0]?.loss).toBeCloseTo(numberOrNaN(forced.lines[0]?.loss ?? 0), 5)
    expect(half.lines[0]).not.toEqual(forced.lines[0])
    expect(half.lines).toEqual(again.lines)
  })
})

test('warm-up raises the learning rate in a straight line', async () => {
  const { lines } = await trained(withTrain({ steps: 5, warmup: 4, schedule: { type: 'constant' } }))
  const rates = lines.flatMap((line) => (line.kind === 'train' ? [line.learningRate] : []))
  expect(rates.map((rate) => Number(rate.toFixed(6)))).toEqual([0.005, 0.01, 0.015, 0.02, 0.02])
})

test('a plateau and patience go on where they stood when a run is resumed', async () => {
  const schedule = { type: 'plateau', factor: 0.5, patience: 1 } as const
  const validate = { every: 1, select: { type: 'exact-match' }, decode: greedy, patience: 6 } as const
  const settings = withTrain({ steps: 12, schedule, validate })
  const whole = await trained(settings)
  const rates = whole.lines.flatMap((line) => (line.kind === 'train' ? [line.learningRate] : []))
  expect(new Set(rates).size).toBeGreaterThan(2)
  const first = listen(4)
  await runTrial(settings, 1, dataset, engine, undefined, first.ports, graphs.of(settings))
  const second = listen()
  const resumed = await runTrial(settings, 1, dataset, engine, first.saved.at(-1), second.ports, graphs.of(settings))
  expect([...first.lines, ...second.lines]).toEqual(whole.lines)
  expect(resumed.stepsDone).toBe(whole.result.stepsDone)
})

test('label smoothing changes what is minimised, not the reported cross-entropy', async () => {
  const [hard, soft] = [
    await trained(withTrain({ steps: 1 })),
    await trained(withTrain({ steps: 1, labelSmoothing: 0.2 })),
  ]
  expect(soft.lines[0]?.loss).toBe(hard.lines[0]?.loss)
  expect(bytesOf(soft.state.params)).not.toEqual(bytesOf(hard.state.params))
})

describe('untied weights', () => {
  const untied = (merge: 'none' | 'sum' | 'mean', learningRate = 0.1): TrialSettings => {
    const encoder = encoderOptions({ hidden: 6, unroll: { type: 'untied', length: 3, merge } })
    const { clipNorm: _, ...train } = plain.train
    const optimizer = { type: 'sgd', learningRate, weightDecay: 0 } as const
    return {
      ...plain,
      model: { ...plain.model, encoder },
      train: { ...train, optimizer, steps: 4, schedule: { type: 'constant' } },
    }
  }
  const distances = ({ lines }: Awaited<ReturnType<typeof trained>>) =>
    lines.flatMap((line) => (line.kind === 'validation' ? [line.copiesDistance] : []))

  test('copies drift apart without merging, and their distance is reported; merged they stay equal', async () => {
    const [apart, summed] = [await trained(untied('none')), await trained(untied('sum'))]
    expect(distances(apart)[0]).toBeGreaterThan(1e-4)
    expect(distances(summed)[0]).toBeLessThan(1e-6)
    expect(distances(await trained(withTrain({ steps: 1 })))).toEqual([undefined])
  })

  test('summed copies train as shared weights do (plain SGD, no clipping)', async () => {
    const shared = { ...untied('sum'), model: { ...plain.model, encoder: encoderOptions({ hidden: 6 }) } }
    const [one, copies] = [await trained(shared), await trained(untied('sum'))]
    const losses = ({ lines }: typeof one) => lines.map(({ loss }) => numberOrNaN(loss))
    losses(one).forEach((loss, index) => {
      expect(losses(copies)[index]).toBeCloseTo(loss, 4)
    })
  })
})
