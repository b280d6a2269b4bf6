import { afterAll, describe, expect, it } from 'vitest'
import { at } from '../../src/core/lists.js'
import type { PartKind } from '../../src/core/part.js'
import { randomStream } from '../../src/core/random.js'
import { loadDataset } from '../../src/data/load.js'
import { plainBeam } from '../../src/decode/beam.js'
import type { DecodeOptions } from '../../src/decode/index.js'
import { flexibleRows, packing, planBatches } from '../../src/inference/batches.js'
import { exportFunctions } from '../../src/inference/exported/functions.js'
import { runExported } from '../../src/inference/exported/run.js'
import { cells } from '../../src/model/cells/index.js'
import { type HeadChoice, headProblems, heads } from '../../src/model/heads/index.js'
import { initialise } from '../../src/model/initialise.js'
import { normalisers } from '../../src/model/normalisers/index.js'
import { scorers } from '../../src/model/scorers/index.js'
import type { Spec } from '../../src/spec/types.js'
import { taskOf, tasks } from '../../src/task/index.js'
import { modelSizes } from '../../src/task/sizes.js'
import type { Prediction } from '../../src/task/types.js'
import { isLegal, resolve } from '../conformance/combinations.js'
import { everyPart, furtherChoices, nameOf, training, type Written } from '../conformance/variants.js'

// Widths that are no multiple of what a processor adds at once: sums over them are where a row's place could show.
const hidden = 15
const longest = 7
/** Of the sources that are predicted alone too. */
const someRows = 6
const searches: readonly DecodeOptions[] = [{ type: 'greedy' }, plainBeam(2)]

const random = randomStream(5, 'test')
const word = (symbols: string, length: number) =>
  Array.from({ length }, () => symbols[Math.floor(random.uniform() * symbols.length)]).join('')
const pairs = Array.from({ length: 40 }, (_, row) => {
  const length = row === 0 ? longest : 1 + Math.floor(random.uniform() * longest)
  return [word('abcd', length), word('uvwxyz', length)]
})
const source = { type: 'inline', train: pairs, dev: pairs, test: pairs }
const tokens = { sourceTokens: 'characters', targetTokens: 'characters' }
const representation = { type: 'embedding', size: 5 }

const place = { decoder: true, alignment: true, series: true, source: true } as const
const decoderHeads = everyPart(heads).filter((choice) => headProblems(choice as HeadChoice, place).length === 0)

function attending(scorer: Written, row: number): Record<string, unknown> {
  const of = (kind: PartKind) => everyPart(kind)[row % kind.names.length]
  const more =
    scorer.type === 'multi-head-dot' ? { heads: 3 } : { ...('maxLength' in scorer && { maxLength: longest }) }
  const cell = of(cells)
  const head = decoderHeads[row % decoderHeads.length]
  return {
    name: nameOf({ ...scorer, cell, normaliser: of(normalisers), head: head ?? {} }),
    task: 'transduce',
    data: { source, ...tokens },
    model: {
      source: { representation },
      target: { representation },
      encoder: { cell, hidden, layerNorm: true },
      context: { from: 'attention', scorer: { ...scorer, ...more }, normaliser: of(normalisers) },
      decoder: { cell, hidden, layerNorm: true, receives: 'every-step' },
      head,
    },
    train: training,
  }
}

/** Heads that have no attention next to them. */
const withoutAttention = [...everyPart(heads), ...furtherChoices(heads)].filter((choice) => {
  const problems = (alignment: boolean) => headProblems(choice as HeadChoice, { ...place, alignment })
  return problems(false).length === 0 && problems(true).length > 0
})

function alone(head: Written): Record<string, unknown> {
  return {
    name: nameOf(head),
    task: 'transduce',
    data: { source, ...tokens },
    model: {
      source: { representation },
      target: { representation },
      encoder: { cell: 'gru', hidden },
      context: { from: 'last-state' },
      decoder: { cell: 'gru', hidden, receives: 'both' },
      head,
    },
    train: training,
  }
}

/** Tasks without attention. */
const others: Readonly<Record<string, Record<string, unknown>>> = {
  tag: { data: { source: source, ...tokens } },
  classify: {
    data: { source: labelled(), sourceTokens: 'characters' },
    context: { from: 'all-states', pool: 'learned' },
  },
  forecast: {
    data: {
      source: { type: 'series', values: pairs.map((_, t) => Math.sin(t)), window: longest, horizon: 3 },
      split: { dev: 4, test: 4 },
    },
    context: { from: 'all-states', pool: 'mean' },
  },
}

function labelled() {
  const rows = pairs.map(([text = ''], row) => [text, ['one', 'two', 'three'][row % 3]])
  return { type: 'inline', train: rows, dev: rows, test: rows }
}

function reading(task: string): Record<string, unknown> {
  const { data, context } = others[task] ?? {}
  const numbers = task === 'forecast' ? { representation: { type: 'numbers' } } : { representation }
  return {
    name: task,
    task,
    data,
    model: {
      source: numbers,
      encoder: { cell: 'gru', hidden, layerNorm: true },
      ...(context !== undefined && { context }),
    },
    train: training,
  }
}

const specs = [
  ...everyPart(scorers).map(attending),
  ...withoutAttention.map(alone),
  ...Object.keys(others).map(reading),
]
const disposed: (() => Promise<void>)[] = []
afterAll(async () => {
  for (const dispose of disposed) await dispose()
})

/** An untrained model's exported form: what it predicts of the training sources in batches of at most so many. */
async function predictor(spec: Spec) {
  const task = taskOf(spec.task)
  const dataset = await loadDataset(spec.data, tasks.get(spec.task.type).sides, { baseDir: '.' })
  const sizes = modelSizes(dataset)
  const model = task.build(spec.model, sizes)
  const functions = await exportFunctions({ spec, model, params: initialise(model.parameters, 2), sizes })
  const { run, dispose } = runExported(new Map(functions.map((each) => [each.name, each])))
  disposed.push(dispose)
  const batching = flexibleRows(functions)
  const split = dataset.train
  const predict = async (most: number, decode: DecodeOptions, count = split.size) => {
    const found: Prediction[] = []
    const request = { decode, maxLength: 4, alignments: 99, seed: 1, ...packing(batching) }
    for (const { indices, shape } of planBatches({ model, sizes }, split, { ...batching, most })) {
      if (at(indices, 0) >= count) continue
      const some = await model.predictor.predict(run, { split, indices, shape }, request)
      for (const [row, index] of indices.entries()) found[index] = at(some, row)
    }
    return found
  }
  return { functions, predict }
}

describe('a row has the same bits at any place of a batch of any size', () => {
  it.each(specs.map((spec) => [String(spec.name), spec] as const))('%s', async (name, written) => {
    const combination = resolve([name, { ...written, name: 'places' }])
    if (!isLegal(combination)) throw new Error(combination.reasons.join('\n'))
    const { predict } = await predictor(combination.spec)
    for (const decode of searches) {
      const together = await predict(64, decode)
      for (const most of [2, 7]) expect(await predict(most, decode)).toEqual(together)
      const alone = await predict(1, decode, someRows)
      expect(alone).toHaveLength(someRows)
      expect(alone).toEqual(together.slice(0, someRows))
    }
  })
})

it('a model that was trained on short sources alone reads longer ones', async () => {
  const short = {
    ...source,
    train: [
      ['a', 'x'],
      ['cba', 'zyx'],
    ],
    dev: [['b', 'y']],
    test: [['c', 'z']],
  }
  const [scorer = {}] = everyPart(scorers)
  const combination = resolve(['short', { ...attending(scorer, 0), name: 'short', data: { source: short, ...tokens } }])
  if (!isLegal(combination)) throw new Error(combination.reasons.join('\n'))
  const { functions } = await predictor(combination.spec)
  expect(functions.find(({ name }) => name === 'encode')?.inputs[0]?.shape).toEqual(['B', 'S'])
})
