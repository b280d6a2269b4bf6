import type { Column, Dataset, Split } from '../../src/data/types.js'
import type { ContextChoice } from '../../src/model/context/index.js'
import type { TrialSettings } from '../../src/train/types.js'
import { decoderOptions, embedded, encoderOptions, trainOptions } from '../support/options.js'
import { reversals, toColumn, toySettings } from './toy.js'

/** A dataset of a few examples and a model for it: one for each task. */
export interface Toy {
  readonly dataset: Dataset
  readonly settings: TrialSettings
}

const specials = ['<pad>', '<bos>', '<eos>', '<unk>']
const letters = ['a', 'b', 'c']
const sourceVocabulary = { symbols: [...specials, ...letters], specials: true }
const words = letters.flatMap((x) => letters.flatMap((y) => letters.flatMap((z) => [x + y + z, x + y])))
const ids = (word: string) => [...word].map((letter) => 4 + letters.indexOf(letter))

function datasetOf(split: (words: readonly string[]) => Split, more: Partial<Dataset>): Dataset {
  const held = words.filter((_, i) => i % 9 === 4)
  const train = words.filter((_, i) => i % 9 !== 4)
  return {
    digests: { training: 'toy', test: 'toy' },
    sourceVocabulary,
    joiners: { source: '', target: '' },
    train: split(train),
    dev: split(held),
    test: split(held),
    counts: { read: 0, kept: { train: 0, dev: 0, test: 0 }, dropped: {}, cut: {}, unknownTokens: {} },
    ...more,
  }
}

const splitOf =
  (target: (word: string) => readonly number[]) =>
  (chosen: readonly string[]): Split => ({
    size: chosen.length,
    source: toColumn(chosen.map(ids)),
    target: toColumn(chosen.map(target)),
  })

const labels = (...symbols: string[]) => ({ targetVocabulary: { symbols, specials: false } })
const encoder = encoderOptions({ hidden: 10, bidirectional: true })
const train = trainOptions({
  optimizer: { type: 'adam', learningRate: 0.03, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 },
  steps: 8,
  validate: { every: 3, select: 'loss', decode: { type: 'greedy' } },
})
const settingsOf = (settings: Pick<TrialSettings, 'task' | 'model' | 'metrics'>): TrialSettings => ({
  train,
  decode: { type: 'greedy' },
  ...settings,
})
const lastState: ContextChoice = { from: 'last-state' }

/** Is a letter the same as the one before it? */
const tag: Toy = {
  dataset: datasetOf(
    splitOf((word) => [...word].map((letter, i) => (word[i - 1] === letter ? 1 : 0))),
    labels('new', 'again'),
  ),
  settings: settingsOf({
    task: { type: 'tag' },
    model: { source: embedded(6), encoder },
    metrics: [{ type: 'token-accuracy' }, { type: 'cross-entropy' }],
  }),
}

/** Which letter does a word begin with? */
const classify: Toy = {
  dataset: datasetOf(
    splitOf((word) => [letters.indexOf(word[0] ?? '')]),
    labels(...letters),
  ),
  settings: settingsOf({
    task: { type: 'classify' },
    model: { source: embedded(6), encoder, context: lastState },
    metrics: [{ type: 'accuracy' }],
  }),
}

/** A letter, and then it and the two after it. */
const generate: Toy = {
  dataset: datasetOf(
    () => ({
      size: 3,
      source: toColumn([[4], [5], [6]]),
      target: toColumn([
        [4, 5, 6],
        [5, 6],
        [6, 5, 4],
      ]),
    }),
    { targetVocabulary: sourceVocabulary },
  ),
  settings: settingsOf({
    task: { type: 'generate' },
    model: {
      source: embedded(6),
      target: embedded(6),
      decoder: decoderOptions({ hidden: 10, receives: 'first-step' }),
    },
    metrics: [{ type: 'ser' }],
  }),
}

const text = (rows: number): Split => {
  const column = toColumn(Array.from({ length: rows }, (_, row) => ids('abcabc'.slice(row % 3, 3 + (row % 3)))))
  return { size: rows, source: column, target: column }
}
const texts: Dataset = { ...datasetOf(() => text(4), {}), train: text(40) }
const oneWay = encoderOptions({ hidden: 10 })
const languageModel = (task: TrialSettings['task']): Toy => ({
  dataset: texts,
  settings: settingsOf({ task, model: { source: embedded(6), encoder: oneWay }, metrics: [{ type: 'perplexity' }] }),
})

const waves = (count: number, from: number): Split => {
  const step = (t: number) => [Math.sin(t / 2), Math.cos(t / 3)]
  const rows = (length: number, after: number): Column => ({
    kind: 'values',
    width: 2,
    data: Float32Array.from(
      Array.from({ length: count }, (_, row) =>
        Array.from({ length }, (__, t) => step(from + row + after + t)).flat(),
      ).flat(),
    ),
    offsets: Int32Array.from({ length: count + 1 }, (_, row) => row * length),
  })
  const target = rows(3, 8)
  return { size: count, source: rows(8, 0), target, exact: { reference: Float64Array.from(target.data) } }
}
const { sourceVocabulary: _, ...numbersOnly } = datasetOf(() => waves(10, 100), {})
const forecast: Toy = {
  dataset: {
    ...numbersOnly,
    train: waves(60, 0),
    sourceWidth: 2,
    targetWidth: 2,
    scaling: [
      { name: 'sine', mean: 10, scale: 2, naiveError: 1 },
      { name: 'cosine', mean: 0, scale: 1, naiveError: 1 },
    ],
  },
  settings: settingsOf({
    task: { type: 'forecast', loss: 'squared' },
    model: { source: { representation: { type: 'numbers' } }, encoder: oneWay, context: lastState },
    metrics: [{ type: 'mae', of: 'values' }],
  }),
}

export const toys: Readonly<Record<string, Toy>> = {
  tag,
  classify,
  generate,
  transduce: { dataset: reversals(), settings: toySettings },
  'language-model, example by example': languageModel({ type: 'language-model' }),
  'language-model, state carried': languageModel({ type: 'language-model', chunk: 5, carryState: true }),
  'language-model, state not carried': languageModel({ type: 'language-model', chunk: 5, carryState: false }),
  forecast,
}
