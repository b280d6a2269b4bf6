import { afterAll, beforeAll, expect, test } from 'vitest'
import { numberOrNaN } from '../../src/core/measured.js'
import { createEngine } from '../../src/engine/index.js'
import type { Engine } from '../../src/engine/types.js'
import { editDistance } from '../../src/metrics/distance.js'
import { sampledOf } from '../../src/task/kept.js'
import { evaluateSplit, finalEvaluator, heldOutBatches } from '../../src/train/evaluate-trained.js'
import { flatten } from '../../src/train/graph/layout.js'
import { trialFunctions } from '../../src/train/graph/trial-functions.js'
import { encodeState } from '../../src/train/loop/checkpoint.js'
import { runTrial } from '../../src/train/loop/trial.js'
import type { PredictionLine, TrialSettings } from '../../src/train/types.js'
import { estimateOf } from '../metrics/estimate.js'
import { greedy } from '../support/options.js'
import { bytesOf, graphCache, listen, reversals, toSplit, toySettings } from './toy.js'

const dataset = reversals()
let engine: Engine
let graphs: ReturnType<typeof graphCache>
beforeAll(async () => {
  engine = await createEngine('compiled', { threads: 1 })
  graphs = graphCache(dataset, engine)
})
afterAll(async () => {
  await graphs.dispose()
  await engine.dispose()
})

const withTrain = (train: Partial<TrialSettings['train']>): TrialSettings => ({
  ...toySettings,
  train: { ...toySettings.train, ...train },
})

test('a trial learns to reverse words, and says what it got with intervals', async () => {
  const { ports, lines, events } = listen()
  const settings = withTrain({ steps: 150, validate: { every: 50, select: { type: 'ser' }, decode: greedy } })
  const result = await runTrial(settings, 1, dataset, engine, undefined, ports, graphs.of(settings))
  expect(result.status).toBe('completed')
  expect(result.stepsDone).toBe(150)
  const [ser, exact] = ['ser', 'exact-match'].map((name) => estimateOf(result.metrics.test[name]))
  expect(ser?.value).toBeLessThan(0.1)
  expect(ser?.low).toBeLessThanOrEqual(ser?.value ?? Number.NaN)
  expect(exact?.high).toBeGreaterThanOrEqual(exact?.value ?? Number.NaN)
  expect(exact?.method).toBe('clopper-pearson')
  expect(result.predictions).toHaveLength(dataset.dev.size + dataset.test.size)
  const line = result.predictions[0]
  expect(line?.references).toEqual([[...(line?.source ?? [])].reverse()])
  expect(line?.alignment?.[0]).toHaveLength(line?.source.length ?? -1)
  for (const row of line?.alignment ?? []) expect(row.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 5)
  const curve = lines.filter(({ kind }) => kind === 'train').map(({ loss }) => numberOrNaN(loss))
  expect(curve).toHaveLength(150)
  expect(curve.at(-1)).toBeLessThan(0.5 * (curve[0] ?? 0))
  const validations = lines.filter(({ kind }) => kind === 'validation')
  expect(validations.map(({ step }) => step)).toEqual([50, 100, 150])
  const fields = ['best', 'kind', 'loss', 'metrics', 'step']
  expect(validations.map((line) => Object.keys(line).sort())).toEqual([fields, fields, fields])
  const phases = events.flatMap((event) => (event.kind === 'phase' ? [event.phase] : []))
  expect(phases).toContain('test')
  // The first batch of a shape is compiled for; then training goes on.
  expect(phases.slice(0, 3)).toEqual(['train', 'compile', 'train'])
  expect(phases.join(' ')).toContain('validate compile validate')
})

test('a run that was stopped and resumed is the uninterrupted run, to the byte', async () => {
  const whole = listen()
  const expected = await runTrial(toySettings, 3, dataset, engine, undefined, whole.ports, graphs.of(toySettings))
  for (const stopAt of [1, 5, 7]) {
    const first = listen(stopAt)
    const stopped = await runTrial(toySettings, 3, dataset, engine, undefined, first.ports, graphs.of(toySettings))
    expect(stopped.status).toBe('stopped')
    expect(stopped.stepsDone).toBe(stopAt)
    const second = listen()
    const resumed = await runTrial(
      toySettings,
      3,
      dataset,
      engine,
      first.saved.at(-1),
      second.ports,
      graphs.of(toySettings),
    )
    const { timings: _, memory, ...rest } = resumed
    const { timings: __, memory: ___, ...expectedRest } = expected
    expect(memory.stateBytes).toBeGreaterThan(4 * resumed.parameters)
    expect(rest).toEqual(expectedRest)
    expect([...first.lines, ...second.lines]).toEqual(whole.lines)
    expect([...first.sampled, ...second.sampled]).toEqual(whole.sampled)
    const [last, wholeLast] = [second.saved.at(-1), whole.saved.at(-1)]
    expect(bytesOf(last?.params ?? {})).toEqual(bytesOf(wholeLast?.params ?? {}))
    expect(bytesOf(last?.optimizer ?? {})).toEqual(bytesOf(wholeLast?.optimizer ?? {}))
    expect(last?.selection).toEqual(wholeLast?.selection)
  }
})

test('a stop within a validation ends it, and who resumes makes it again, to the byte', async () => {
  const whole = listen()
  const expected = await runTrial(toySettings, 3, dataset, engine, undefined, whole.ports, graphs.of(toySettings))
  const ends = whole.evaluatedBefore.filter((_, at) => whole.lines[at]?.kind === 'validation')
  expect(ends).toHaveLength(3)
  // At every run of a graph of the three validations.
  for (let stopWithin = 0; stopWithin < (ends[2] ?? 0); stopWithin++) {
    const first = listen(undefined, stopWithin)
    const stopped = await runTrial(toySettings, 3, dataset, engine, undefined, first.ports, graphs.of(toySettings))
    const validations = ends.filter((end) => end <= stopWithin).length
    expect([stopped.status, stopped.stepsDone]).toEqual(['stopped', [5, 10, 12][validations]])
    expect(first.lines.filter(({ kind }) => kind === 'validation')).toHaveLength(validations)
    const second = listen()
    const state = first.saved.at(-1)
    const resumed = await runTrial(toySettings, 3, dataset, engine, state, second.ports, graphs.of(toySettings))
    expect([...first.lines, ...second.lines]).toEqual(whole.lines)
    expect([...first.sampled, ...second.sampled]).toEqual(whole.sampled)
    expect(resumed.predictions).toEqual(expected.predictions)
    const bytes = [whole, second].map(({ saved }) => encodeState(saved.at(-1) ?? expect.fail()))
    expect(bytes[1]?.equals(bytes[0] ?? Buffer.alloc(0))).toBe(true)
  }
})

const edits = ({ hypothesis, references: [reference = []] }: PredictionLine) => editDistance(hypothesis, reference)

/** Has a sample and the worst mistakes, and nothing else an alignment. */
function expectKept(lines: readonly PredictionLine[]): void {
  expect(lines.length).toBeGreaterThan(60)
  const sample = sampledOf(lines.length)
  expect(sample.size).toBe(25)
  expect([...sample].some((index) => index >= 50)).toBe(true)
  for (const { index, kept, alignment, source } of lines) {
    expect(kept === 'sampled').toBe(sample.has(index))
    expect(alignment === undefined).toBe(kept === undefined)
    if (alignment !== undefined) expect(alignment[0]).toHaveLength(source.length)
  }
  const mistakes = lines.filter(({ kept }) => kept === 'mistake')
  expect(mistakes).toHaveLength(25)
  const least = Math.min(...mistakes.map(edits))
  expect(least).toBeGreaterThan(0)
  for (const other of lines.filter(({ kept }) => kept === undefined)) expect(edits(other)).toBeLessThanOrEqual(least)
}

test('alignments are kept of the examples that are looked at, of a sample and of the worst mistakes of test', async () => {
  const larger = { ...dataset, dev: dataset.train, test: dataset.train }
  const { ports, sampled } = listen()
  const settings = withTrain({ steps: 8 })
  const result = await runTrial(settings, 4, larger, engine, undefined, ports)
  for (const { example, prediction } of sampled.at(-1)?.samples ?? []) {
    expect(prediction.alignment?.[0]).toHaveLength(example.source.length)
    if (example.kept === 'sampled') expect(example.alignment).toEqual(prediction.alignment)
    else expect(example).not.toHaveProperty('alignment')
  }
  const of = (name: string) => result.predictions.filter(({ split }) => split === name)
  expectKept(of('test'))
  // Pages show test: of dev nothing is evaluated once more.
  const sample = sampledOf(of('dev').length)
  for (const { index, kept } of of('dev')) expect(kept).toBe(sample.has(index) ? 'sampled' : undefined)
})

test('alignments are kept of the worst mistakes of dev where there is no test', async () => {
  const none = { ...dataset, dev: dataset.train, test: toSplit([]) }
  const result = await runTrial(withTrain({ steps: 8 }), 4, none, engine, undefined, listen().ports)
  expect(result.predictions.map(({ split }) => split)).not.toContain('test')
  expectKept(result.predictions)
})

test('an alignment of a mistake is that which the first pass gives for the same example', async () => {
  const larger = { ...dataset, dev: dataset.train, test: dataset.train }
  const settings = withTrain({ steps: 8 })
  const { predictions, best } = await runTrial(settings, 4, larger, engine, undefined, listen().ports)
  if (best === undefined) expect.fail('training ended')
  const indices = predictions.flatMap(({ kept, index }) => (kept === 'mistake' ? [index] : []))
  const functions = trialFunctions(settings, larger, engine)
  const state = engine.createState(flatten(functions.layout, best))
  const evaluator = { ...finalEvaluator(settings, larger, functions.model, 4), samples: indices }
  const batches = heldOutBatches(functions.model, larger, 8)
  const { samples } = await evaluateSplit({ evaluator, batches, functions, state }, 'test')
  const first = new Map(samples.map(({ example, prediction }) => [example.index, { example, prediction }]))
  expect(first.size).toBe(25)
  for (const { index, hypothesis, alignment } of predictions.filter(({ kept }) => kept === 'mistake')) {
    expect(hypothesis).toEqual(first.get(index)?.example.hypothesis)
    expect(alignment).toEqual(first.get(index)?.prediction.alignment)
  }
  state.dispose()
  await functions.dispose()
})

test('what the best step predicted when it was validated is what its parameters predict at the end', async () => {
  const optimizer = { type: 'sgd', learningRate: 1, weightDecay: 0 } as const
  const settings = withTrain({ optimizer, steps: 6, validate: { every: 2, select: { type: 'ser' }, decode: greedy } })
  for (const seed of [1, 2, 3]) {
    const { ports, saved } = listen()
    const kept = await runTrial(settings, seed, dataset, engine, undefined, ports, graphs.of(settings))
    const anew = await runTrial(settings, seed, dataset, engine, saved.at(-1), listen().ports, graphs.of(settings))
    expect(anew.stepsDone).toBe(6)
    expect(anew.predictions).toEqual(kept.predictions)
  }
})

test('another seed is another run', async () => {
  const [one, two] = [listen(), listen()]
  await runTrial(withTrain({ steps: 2 }), 1, dataset, engine, undefined, one.ports, graphs.of(withTrain({ steps: 2 })))
  await runTrial(withTrain({ steps: 2 }), 2, dataset, engine, undefined, two.ports, graphs.of(withTrain({ steps: 2 })))
  expect(one.lines[0]).not.toEqual(two.lines[0])
})

test('a loss that is not finite fails the trial and names the step and the largest gradient', async () => {
  const optimizer = { type: 'sgd', learningRate: 1e30, weightDecay: 0 } as const
  const { clipNorm: _, ...train } = toySettings.train
  const { ports } = listen()
  const settings = { ...toySettings, train: { ...train, optimizer } }
  const result = await runTrial(settings, 1, dataset, engine, undefined, ports, graphs.of(settings))
  expect(result.status).toBe('failed')
  expect(result.error).toMatchObject({ code: 'training' })
  expect(result.error?.message).toMatch(/^Step \d+: .*the largest gradient is that of \w+\/.*/)
})

test('patience ends a run that gets no better', async () => {
  const optimizer = { type: 'sgd', learningRate: 1e-12, weightDecay: 0 } as const
  const { ports, lines } = listen()
  const settings = withTrain({
    optimizer,
    validate: { every: 1, select: { type: 'ser' }, decode: greedy, patience: 2 },
  })
  const result = await runTrial(settings, 1, dataset, engine, undefined, ports, graphs.of(settings))
  expect(result).toMatchObject({ status: 'completed', stepsDone: 3, bestStep: 1 })
  expect(lines.flatMap((line) => (line.kind === 'validation' ? [line.best] : []))).toEqual([true, false, false])
})

test('epochs count passes over the training batches', async () => {
  const { steps: _, ...train } = toySettings.train
  const { ports, lines } = listen()
  const result = await runTrial(
    { ...toySettings, train: { ...train, epochs: 2 } },
    1,
    dataset,
    engine,
    undefined,
    ports,
  )
  expect(new Set(lines.flatMap((line) => (line.kind === 'train' ? [line.epoch] : [])))).toEqual(new Set([0, 1]))
  expect(result.stepsDone % 2).toBe(0)
})
