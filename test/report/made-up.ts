import { randomStream } from '../../src/core/random.js'
import { metricResult } from '../../src/metrics/score.js'
import type { MetricLookup, MetricView } from '../../src/report/analysis/metrics.js'
import type { Spec } from '../../src/spec/types.js'
import { statisticsTable } from '../../src/stats/bootstrap.js'
import type { RunRecord } from '../../src/store/trial/record.js'
import type { MetricsLine, PredictionLine } from '../../src/train/types.js'

const errorRate = (name: string, summary: string): MetricView => ({
  name,
  summary,
  range: [0, Number.POSITIVE_INFINITY],
  better: 'lower',
  unit: 'percent',
  value: ([errors = 0, length = 0]) => (length === 0 ? 0 : errors / length),
})

export const madeUpMetrics: MetricLookup = (name) =>
  ({ per: errorRate('per', 'Phoneme error rate.'), wer: errorRate('wer', 'Word error rate.') })[name]

const madeUpLayers = {
  cell: { type: 'gru', reset: 'after' },
  hidden: 128,
  layers: 1,
  dropout: 0,
  variational: false,
  layerNorm: false,
  residual: false,
  initialiser: { type: 'standard' },
  initialState: 'zero',
} as const

export const madeUpSpec: Spec = {
  name: 'attention-additive',
  task: { type: 'transduce' },
  data: {
    source: { type: 'cmudict' },
    sourceTokens: { type: 'characters', unit: 'codepoint', normalise: 'none' },
    targetTokens: { type: 'whitespace' },
    split: { seed: 13, dev: 1000, test: 2000 },
  } as unknown as Spec['data'],
  model: {
    source: { representation: { type: 'embedding', size: 64, start: 'random', frozen: false } },
    target: { representation: { type: 'embedding', size: 64, start: 'random', frozen: false } },
    encoder: {
      ...madeUpLayers,
      bidirectional: true,
      combine: 'concat',
      unroll: { type: 'shared' },
    },
    context: {
      from: 'attention',
      scorer: { type: 'additive', size: 128 },
      position: 'before',
      inputFeeding: false,
      normaliser: { type: 'softmax' },
      temperature: 1,
    },
    decoder: { ...madeUpLayers, receives: 'both', bridge: 'automatic', readout: 'automatic', tiedEmbedding: false },
  },
  train: {
    optimizer: { type: 'adam', learningRate: 0.002 },
    schedule: { type: 'linear' },
    batchSize: 128,
    steps: 5000,
    clipNorm: 1,
    validate: { every: 1000, select: [{ type: 'per' }], decode: { type: 'greedy' } },
  } as unknown as Spec['train'],
  decode: { type: 'greedy' },
  metrics: [{ type: 'per' }, { type: 'wer' }],
  seed: 1,
}

const words: readonly (readonly [string, string])[] = [
  ['attention', 'AH T EH N SH AH N'],
  ['laboratory', 'L AE B R AH T AO R IY'],
  ['sequence', 'S IY K W AH N S'],
  ['sharpe', 'SH AA R P'],
  ['knight', 'N AY T'],
  ['wednesday', 'W EH N Z D IY'],
  ['phonetics', 'F AH N EH T IH K S'],
  ['recurrent', 'R IH K ER AH N T'],
  ['ox', 'AA K S'],
  ['internationalisation', 'IH N T ER N AE SH AH N AH L AH Z EY SH AH N'],
]
const phonemes = ['AH', 'IY', 'N', 'T', 'ER', 'S', 'K']

/** A prediction with a share of wrong phonemes that grows with the word's length, as a fixed C would make them. */
function prediction(index: number, seed: number, split: 'dev' | 'test', wrong: number): PredictionLine {
  const random = randomStream(seed, 'test', 'prediction', split, index)
  const [word = '', sounds = ''] = words[random.below(words.length)] ?? []
  const reference = sounds.split(' ')
  const share = wrong * (0.4 + word.length / 10)
  const hypothesis = reference.map((phoneme) =>
    random.uniform() < share ? (phonemes[random.below(7)] ?? 'AH') : phoneme,
  )
  const errors = reference.filter((phoneme, at) => phoneme !== hypothesis[at]).length
  const source = [...word]
  return {
    split,
    index,
    source,
    references: [reference],
    hypothesis,
    score: -errors - random.uniform(),
    statistics: { per: [errors, reference.length], wer: [errors > 0 ? 1 : 0, 1] },
    ...(index < 8 ? { alignment: diagonal(hypothesis.length + 1, source.length) } : {}),
  }
}

function diagonal(rows: number, columns: number): number[][] {
  return Array.from({ length: rows }, (_, row) => {
    const weights = Array.from({ length: columns }, (__, column) =>
      Math.exp(-((column / columns - row / rows) ** 2) * 60),
    )
    const sum = weights.reduce((total, weight) => total + weight, 0)
    return weights.map((weight) => weight / sum)
  })
}

function curve(seed: number, steps: number): MetricsLine[] {
  const random = randomStream(seed, 'test', 'curve')
  return Array.from({ length: steps / 10 }, (_, at): MetricsLine[] => {
    const step = (at + 1) * 10
    const loss = 0.25 + 3 * Math.exp(-step / 600) + 0.03 * random.normal()
    const train = {
      kind: 'train' as const,
      step,
      epoch: Math.floor(step / 1000),
      loss,
      gradientNorm: 1 + Math.abs(random.normal()),
      learningRate: 0.002 * (1 - step / steps),
      tokens: 6400,
    }
    if (step % 1000 !== 0) return [train]
    return [
      train,
      {
        kind: 'validation' as const,
        step,
        loss: loss + 0.05,
        metrics: { per: 0.08 + Math.exp(-step / 900) / 2, wer: 0.35 + Math.exp(-step / 900) / 3 },
        best: true,
      },
    ]
  }).flat()
}

export interface MadeUp {
  readonly record: RunRecord
  readonly lines: readonly MetricsLine[]
  readonly predictions: readonly PredictionLine[]
  /** samples.jsonl; without it the trial is of a version that wrote none. */
  readonly samples?: string
}

export interface MadeUpOptions {
  readonly seed?: number
  readonly label?: string
  /** What its id and the hash of its training are made from; by default the label. */
  readonly identity?: string
  readonly study?: string
  readonly variant?: Readonly<Record<string, unknown>>
  readonly spec?: Spec
  /** About which share of phonemes is wrong. */
  readonly wrong?: number
  readonly examples?: number
  readonly steps?: number
  readonly parameters?: number
  readonly trainMs?: number
}

/** One finished trial of invented numbers that hang together: metrics follow from the predictions. */
export function madeUpTrial(options: MadeUpOptions = {}): MadeUp {
  const { seed = 1, label = 'attention-additive', wrong = 0.08, examples = 400, steps = 5000 } = options
  const identity = options.identity ?? label
  const dev = Array.from({ length: examples / 2 }, (_, at) => prediction(at, seed, 'dev', wrong))
  const test = Array.from({ length: examples }, (_, at) => prediction(at, seed, 'test', wrong))
  const values = (lines: readonly PredictionLine[]) =>
    Object.fromEntries(
      ['per', 'wer'].map((name) => {
        const metric = madeUpMetrics(name)
        if (metric === undefined) throw new Error(`${name} is known`)
        const table = statisticsTable(lines.map(({ statistics }) => statistics[name] ?? []))
        return [name, metricResult(metric, table, { seed, resamples: 200 })]
      }),
    )
  const record: RunRecord = {
    schemaVersion: 2,
    status: 'completed',
    trialId: `trial-${identity}-${seed}`.replace(/[^a-z0-9]+/gi, '-'),
    study: options.study ?? 'attention-additive',
    label,
    variant: options.variant ?? {},
    trainHash: `hash-of-${identity}`,
    digests: { training: '4f3c5d7be0aa', test: '9d2e6c1b3f08' },
    evaluation: '5b7d1c3a',
    seed,
    spec: options.spec ?? madeUpSpec,
    metrics: { dev: values(dev), test: values(test) },
    parameters: options.parameters ?? 430_123,
    parameterShapes: {
      'source/table': [30, 64],
      'encoder/layer1/forward/kernel': [64, 384],
      'decoder/stack/layer1/kernel': [320, 384],
      'head/kernel': [128, 42],
    },
    sizes: { source: { vocabulary: 30 }, target: { vocabulary: 43 } },
    stepsDone: steps,
    bestStep: steps,
    data: {
      read: 134_373,
      kept: { train: 120_000, dev: 1000, test: 2000 },
      dropped: { 'source longer than 30': 3 },
      unknownTokens: { 'dev source': 1 },
      cut: {},
    },
    batching: { shapes: 12, paddingShare: 0.083 },
    engine: 'compiled',
    versions: { seqlab: '0.1.0', node: 'v20.20.2', 'onnxruntime-node': '1.30.0' },
    timings: { trainMs: options.trainMs ?? 172_000, testMs: 6_400 },
    attempts: 1,
  }
  return { record, lines: curve(seed, steps), predictions: [...dev, ...test] }
}
