import type { HostTensor } from '../../src/core/tensors.js'
import { leaves, type Tree } from '../../src/core/tree.js'
import type { Dataset, Split } from '../../src/data/types.js'
import type { Engine } from '../../src/engine/types.js'
import { readStartingState } from '../../src/store/trial/starting-state.js'
import { type TrialFunctions, trialFunctions } from '../../src/train/graph/trial-functions.js'
import { decodeState, encodeState } from '../../src/train/loop/checkpoint.js'
import type {
  MetricsLine,
  SampledValidation,
  TrainState,
  TrialEvent,
  TrialPorts,
  TrialSettings,
} from '../../src/train/types.js'
import { attentionOptions, decoderOptions, embedded, encoderOptions, greedy, trainOptions } from '../support/options.js'

const specials = ['<pad>', '<bos>', '<eos>', '<unk>']
const letters = ['a', 'b', 'c', 'd']

/** Words over a, b, c, d and their letters in reverse: all of length 1 to 3, every tenth held out. */
export function reversals(): Dataset {
  const longer = (words: string[]) => words.flatMap((word) => letters.map((letter) => word + letter))
  const words = [letters, longer(letters), longer(longer(letters))].flat()
  const [dev, test] = [words.filter((_, i) => i % 10 === 3), words.filter((_, i) => i % 10 === 7)]
  const train = words.filter((_, i) => i % 10 !== 3 && i % 10 !== 7)
  const vocabulary = { symbols: [...specials, ...letters], specials: true }
  return {
    digests: { training: 'toy', test: 'toy' },
    sourceVocabulary: vocabulary,
    targetVocabulary: vocabulary,
    joiners: { source: '', target: '' },
    train: toSplit(train),
    dev: toSplit(dev),
    test: toSplit(test),
    counts: {
      read: words.length,
      kept: { train: train.length, dev: dev.length, test: test.length },
      dropped: {},
      cut: {},
      unknownTokens: {},
    },
  }
}

export function toSplit(words: readonly string[]): Split {
  const ids = (word: string) => [...word].map((letter) => 4 + letters.indexOf(letter))
  const reverse = (word: string) => [...word].reverse().join('')
  return { size: words.length, source: toColumn(words.map(ids)), target: toColumn(words.map(reverse).map(ids)) }
}

export function toColumn(rows: readonly (readonly number[])[]) {
  const offsets = [0]
  for (const row of rows) offsets.push((offsets.at(-1) ?? 0) + row.length)
  return { kind: 'ids', data: Int32Array.from(rows.flat()), offsets: Int32Array.from(offsets) } as const
}

export const toySettings: TrialSettings = {
  task: { type: 'transduce' },
  model: {
    source: embedded(8),
    target: embedded(8),
    encoder: encoderOptions({ hidden: 12, dropout: 0.1, bidirectional: true }),
    context: attentionOptions({ scorer: { type: 'additive', size: 12 } }),
    decoder: decoderOptions({ hidden: 12, dropout: 0.1 }),
  },
  train: trainOptions({
    optimizer: { type: 'adam', learningRate: 0.02, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 },
    schedule: { type: 'linear' },
    steps: 12,
    clipNorm: 1,
    validate: { every: 5, select: { type: 'ser' }, decode: greedy },
  }),
  decode: greedy,
  metrics: [{ type: 'ser' }, { type: 'exact-match' }],
}

/** Ports that record what they receive; a stop is asked for once `stopAt` steps, or `stopWithin` runs of evaluations, are done. */
export function listen(stopAt = Number.POSITIVE_INFINITY, stopWithin = Number.POSITIVE_INFINITY) {
  const events: TrialEvent[] = []
  const lines: MetricsLine[] = []
  const sampled: SampledValidation[] = []
  const saved: TrainState[] = []
  /** For each line the runs of evaluations before it. */
  const evaluatedBefore: number[] = []
  const asked = { steps: 0, evaluations: 0 }
  const ports: TrialPorts = {
    readState: readStartingState,
    stopRequested: (within) => (within === undefined ? asked.steps++ >= stopAt : asked.evaluations++ >= stopWithin),
    emit: (event) => events.push(event),
    record: (line) => {
      lines.push(line)
      evaluatedBefore.push(asked.evaluations)
    },
    sample: (validation) => sampled.push(validation),
    save: async (state) => {
      // Through bytes, as a checkpoint goes.
      saved.push(decodeState(encodeState(state), 'memory'))
    },
  }
  return { events, lines, sampled, saved, evaluatedBefore, ports }
}

export function bytesOf(tree: Tree<HostTensor>): Record<string, string> {
  return Object.fromEntries(
    leaves(tree).map(([path, { data }]) => [
      path,
      Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('hex'),
    ]),
  )
}

/** Graphs, shared by the runs that differ only in what no graph depends on. */
export function graphCache(dataset: Dataset, engine: Engine) {
  const graphs = new Map<string, TrialFunctions>()
  return {
    of: ({ task, model, train }: TrialSettings): TrialFunctions => {
      const { steps: _, epochs: __, warmup: ___, init: ____, validate: _____, schedule: ______, ...rest } = train
      const key = JSON.stringify([task, model, { ...rest, optimizer: { ...rest.optimizer, learningRate: 0 } }])
      const functions = graphs.get(key) ?? trialFunctions({ ...toySettings, task, model, train }, dataset, engine)
      graphs.set(key, functions)
      return functions
    },
    dispose: async () => {
      for (const functions of graphs.values()) await functions.dispose()
    },
  }
}
