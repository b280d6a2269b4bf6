import { fromSeed } from '../../src/core/random.js'
import type { Plan } from '../../src/spec/types.js'
import { tinyPlan } from '../../test/runner/support/plan.js'

export interface Size {
  readonly planOf: (seeds: number, steps: number) => Promise<Plan>
  readonly trials: number
  readonly steps: number
}

/**
 * Sweeps of a minute with one worker, so that starting threads and the last trial's end weigh little: V8 alone takes some
 * 0.4 s a thread until the code is optimised. All trials of one take the same time.
 */
export const sizes: Readonly<Record<string, Size>> = {
  'tiny (H 96, B 4, words of 3)': {
    planOf: (seeds, steps) => tinyPlan('tiny', { seeds, steps, every: Math.ceil(steps / 2), hidden: [96] }),
    trials: 4,
    steps: 24_000,
  },
  'small (H 128, B 64, words of 10)': {
    planOf: (seeds, steps) => tinyPlan('small', { seeds, steps, every: steps, change: small(steps) }),
    trials: 4,
    steps: 900,
  },
}

function small(steps: number) {
  const random = fromSeed(1)
  const word = () => Array.from({ length: 10 }, () => String.fromCharCode(97 + random.below(26))).join('')
  const pairs = Array.from({ length: 700 }, word).map((text) => [text, [...text].reverse().join('')])
  return {
    data: {
      source: { type: 'inline', train: pairs.slice(0, 640), dev: pairs.slice(640, 670), test: pairs.slice(670) },
      sourceTokens: 'characters',
      targetTokens: 'characters',
    },
    model: {
      source: { representation: { type: 'embedding', size: 64 } },
      target: { representation: { type: 'embedding', size: 64 } },
      encoder: { cell: 'gru', hidden: 128 },
      context: { from: 'attention', scorer: { type: 'additive', size: 128 } },
      decoder: { cell: 'gru', hidden: 128, receives: 'both' },
    },
    train: { optimizer: { type: 'adam', learningRate: 0.002 }, batchSize: 64, steps, validate: { every: steps } },
  }
}
