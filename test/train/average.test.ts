import { afterAll, beforeAll, expect, test } from 'vitest'
import { floats, type HostTensor } from '../../src/core/tensors.js'
import { leaves, type Tree } from '../../src/core/tree.js'
import { createEngine } from '../../src/engine/index.js'
import type { Engine } from '../../src/engine/types.js'
import { evaluateTrained } from '../../src/train/evaluate-trained.js'
import { meanParameters } from '../../src/train/loop/average.js'
import { decodeState, encodeState } from '../../src/train/loop/checkpoint.js'
import { runTrial } from '../../src/train/loop/trial.js'
import type { TrialSettings } from '../../src/train/types.js'
import { greedy } from '../support/options.js'
import { bytesOf, listen, reversals, toySettings } from './toy.js'

const dataset = reversals()
let engine: Engine
beforeAll(async () => {
  engine = await createEngine('compiled', { threads: 1 })
})
afterAll(() => engine.dispose())

/** Steps so large that the parameters go back and forth: their mean is better than each. */
const noisy = { type: 'sgd', learningRate: 4, weightDecay: 0 } as const

function settingsWith(train: Partial<TrialSettings['train']>): TrialSettings {
  const validate = { every: 2, select: 'loss', decode: greedy } as const
  const { train: toy } = toySettings
  return { ...toySettings, train: { ...toy, steps: 8, schedule: { type: 'constant' }, validate, ...train } }
}

async function run(settings: TrialSettings, stopAt?: number, from?: Parameters<typeof runTrial>[4]) {
  const heard = listen(stopAt)
  const result = await runTrial(settings, 1, dataset, engine, from, heard.ports)
  return { ...heard, result, averages: heard.lines.filter((line) => line.kind === 'average') }
}

/** The definition, redone: each number the sum of the copies' in double precision, over their number. */
function meanByHand(copies: readonly Tree<HostTensor>[]): Record<string, number[]> {
  const all = copies.map((copy) => new Map(leaves(copy)))
  return Object.fromEntries(
    [...(all[0] ?? [])].map(([path, { data }]) => {
      const mean = Array.from(data, (_, at) => {
        let sum = 0
        for (const copy of all) sum += copy.get(path)?.data[at] ?? Number.NaN
        return Math.fround(sum / all.length)
      })
      return [path, mean]
    }),
  )
}

const numbersOf = (tree: Tree<HostTensor>) =>
  Object.fromEntries(leaves(tree).map(([path, { data }]) => [path, Array.from(data)]))

test('the mean is taken in double precision and rounded once', () => {
  const copies = [16_777_216, 1, 1, -16_777_216].map((number) => ({ layer: { w: floats([number, number / 2], [2]) } }))
  expect(numbersOf(meanParameters(copies))).toEqual({ 'layer/w': [0.5, 0.25] })
  expect(numbersOf(meanParameters(copies.slice(0, 3)))).toEqual({ 'layer/w': [5_592_406, 2_796_203] })
})

test('the mean of the last validations is one more candidate, and wins where it is better', async () => {
  const { result, saved, averages } = await run(settingsWith({ optimizer: noisy, average: 3 }))
  expect(saved.map(({ step }) => step)).toEqual([2, 4, 6, 8])
  expect(saved.map(({ recent }) => recent?.length)).toEqual([1, 2, 3, undefined])
  const mean = meanByHand(saved.slice(1).map(({ params }) => params))
  expect(averages).toMatchObject([{ step: 8, validations: 3, best: true }])
  expect(result).toMatchObject({ averaged: 3, bestStep: 8, stepsDone: 8 })
  expect(numbersOf(result.best ?? {})).toEqual(mean)
  expect(numbersOf(saved.at(-1)?.selection.bestParams ?? {})).toEqual(mean)
  // What was found out of them when they were validated is what they give.
  const again = await evaluateTrained(settingsWith({}), 1, dataset, engine, result.best ?? {})
  expect(again.predictions).toEqual(result.predictions)
})

test('where it is no better, the best validation stays, and what it predicted', async () => {
  const settings = settingsWith({ average: 4 })
  const [plain, averaged] = [await run(settingsWith({})), await run(settings)]
  expect(averaged.averages).toMatchObject([{ validations: 4, best: false }])
  expect(averaged.result.averaged).toBeUndefined()
  const others = averaged.lines.filter((line) => line.kind !== 'average')
  expect(others).toEqual(plain.lines)
  expect(averaged.result.predictions).toEqual(plain.result.predictions)
  expect(averaged.saved.at(-1)).toEqual(plain.saved.at(-1))
})

test('a run that was stopped and resumed gives the same bytes', async () => {
  const settings = settingsWith({ optimizer: noisy, average: 3 })
  const whole = await run(settings)
  for (const stopAt of [1, 4, 7]) {
    const first = await run(settings, stopAt)
    expect(first.result.status).toBe('stopped')
    const state = first.saved.at(-1)
    const second = await run(settings, undefined, state && decodeState(encodeState(state), 'state.bin'))
    expect([...first.lines, ...second.lines]).toEqual(whole.lines)
    const bytes = [whole, second].map(({ saved }) => encodeState(saved.at(-1) ?? expect.fail()))
    expect(bytes[1]?.equals(bytes[0] ?? Buffer.alloc(0))).toBe(true)
    expect(bytesOf(second.result.best ?? {})).toEqual(bytesOf(whole.result.best ?? {}))
    expect(second.result.predictions).toEqual(whole.result.predictions)
  }
  // Stopped within the validation of the mean: that of the last step is made again too.
  const within = (whole.evaluatedBefore.at(-1) ?? 0) - 1
  const heard = listen(undefined, within)
  const { status, stepsDone } = await runTrial(settings, 1, dataset, engine, undefined, heard.ports)
  expect([status, stepsDone, heard.lines.at(-1)?.kind]).toEqual(['stopped', 8, 'train'])
  const second = await run(settings, undefined, heard.saved.at(-1))
  expect([...heard.lines, ...second.lines]).toEqual(whole.lines)
  expect(second.result.predictions).toEqual(whole.result.predictions)
  expect(bytesOf(second.result.best ?? {})).toEqual(bytesOf(whole.result.best ?? {}))
  // Stopped after the mean was validated: nothing is validated again.
  const ended = await run(settings, undefined, whole.saved.at(-1))
  expect(ended.lines).toEqual([])
  expect(ended.result.predictions).toEqual(whole.result.predictions)
})

test('after early stopping, of fewer validations where there were fewer, by a list of criteria', async () => {
  const optimizer = { type: 'sgd', learningRate: 1e-12, weightDecay: 0 } as const
  const validate = { every: 1, select: [{ type: 'exact-match' }, 'loss'], decode: greedy, patience: 2 } as const
  const settings = settingsWith({ optimizer, average: 10, validate: { ...validate, select: [...validate.select] } })
  const { result, averages } = await run(settings)
  expect(result.stepsDone).toBeLessThan(8)
  expect(averages).toMatchObject([{ step: result.stepsDone, validations: result.stepsDone }])
})

test('one validation alone has no mean', async () => {
  const validate = { every: 8, select: 'loss', decode: greedy } as const
  const { averages, saved } = await run(settingsWith({ average: 2, validate }))
  expect([averages, saved.length]).toEqual([[], 1])
})
