import Type, { type Static } from 'typebox'
import { sizeSchema } from '../core/part.js'
import { type Random, randomStream } from '../core/random.js'
import { anyAligned, isAligned } from './aligned.js'
import { candidateOf, extended, type Hypothesis, initialHypothesis } from './hypothesis.js'
import { minLengthSchema } from './length.js'
import { type DecoderStep, rowOf, startSteps, takeStep } from './stepwise.js'
import { defineSearchMethod, type Search, type SearchSettings } from './types.js'

const options = Type.Object({
  temperature: Type.Number({
    exclusiveMinimum: 0,
    default: 1,
    description: 'Softmax temperature: below 1 sharpens the distribution, above 1 flattens it.',
  }),
  topK: Type.Optional(sizeSchema('Draw from the k most probable symbols alone. Default: from all.')),
  topP: Type.Optional(
    Type.Number({
      exclusiveMinimum: 0,
      maximum: 1,
      description:
        'Draw from the nucleus alone: the fewest of the most probable symbols (after top k) that have probability p together. Default: from all.',
    }),
  ),
  minLength: minLengthSchema,
})
type Options = Static<typeof options>

export const sample = defineSearchMethod({
  name: 'sample',
  summary: 'Sampling: draw each symbol from its distribution, with a seeded random stream per example.',
  equations: ['y_t ~ softmax(log p(y | y_<t, x) / temperature)'],
  source: {
    paper: 'Ackley, Hinton & Sejnowski 1985, A Learning Algorithm for Boltzmann Machines (temperature)',
    equation:
      'top k: Fan et al. 2018, Hierarchical Neural Story Generation; top p: Holtzman et al. 2020, The Curious Case of Neural Text Degeneration',
    url: 'https://doi.org/10.1207/s15516709cog0901_7',
  },
  options,
  build: searchBySampling,
})

/** One example's output so far, and where its random numbers come from. */
interface Draw {
  readonly random: Random
  hypothesis: Hypothesis
  running: boolean
}

/** The score of what was drawn is its log probability under the model, at temperature 1. */
function searchBySampling(options: Options): Search {
  return async (members, examples, settings) => {
    const { stepper, states: first, batch } = startSteps(members, settings.specials, anyAligned(settings.alignments))
    const rows = Array.from({ length: batch }, (_, row) => row)
    const draws = examples.map((example): Draw => {
      const random = randomStream(settings.seed, 'sampling', 'decode', example)
      return { random, hypothesis: initialHypothesis(settings.first ?? settings.specials.bos), running: true }
    })
    let states = first
    for (let step = 0; step <= settings.maxLength && draws.some(({ running }) => running); step++) {
      const previous = rows.map((row) => draws[row]?.hypothesis.id ?? settings.specials.pad)
      const stepped = await takeStep(stepper, states, { examples: rows, parents: rows, previous })
      for (const [row, draw] of draws.entries()) if (draw.running) advance(draw, stepped, row, options, settings)
      states = stepped.states
    }
    return draws.map(({ hypothesis }, row) =>
      candidateOf(hypothesis, isAligned(settings.alignments, examples[row] ?? 0)),
    )
  }
}

function advance(
  draw: Draw,
  stepped: DecoderStep,
  row: number,
  { temperature, topK, topP, minLength = 0 }: Options,
  { specials, maxLength }: SearchSettings,
): void {
  const logProbs = rowOf(stepped.logProbs, row)
  const tooShort = draw.hypothesis.length < minLength
  const allowed = tooShort ? logProbs.map((value, id) => (id === specials.eos ? -Infinity : value)) : logProbs
  const id = drawFrom(allowed, temperature, draw.random, { topK, topP })
  const alignment = stepped.alignment === undefined ? undefined : [...rowOf(stepped.alignment, row)]
  const next = extended(draw.hypothesis, id, logProbs[id] ?? 0, specials.eos, alignment)
  draw.running = !next.ended && next.length <= maxLength
  if (draw.running || next.ended) draw.hypothesis = next
}

/** What is left of a distribution before a symbol is drawn from it. */
interface Truncation {
  readonly topK?: number | undefined
  readonly topP?: number | undefined
}

/**
 * An index drawn with probability proportional to exp(logProb / temperature), from the `topK` most probable ones and, of
 * their distribution, the fewest that have `topP` of it together; of equals, the earlier.
 */
export function drawFrom(
  logProbs: ArrayLike<number>,
  temperature: number,
  random: Random,
  truncation: Truncation = {},
): number {
  const values = Float64Array.from(logProbs)
  const highest = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY)
  const all = values.map((logProb) => Math.exp((logProb - highest) / temperature))
  const weights = truncated(all, truncation)
  let left = random.uniform() * weights.reduce((sum, weight) => sum + weight, 0)
  for (let id = 0; id < weights.length; id++) {
    left -= weights[id] ?? 0
    if (left < 0) return id
  }
  return values.indexOf(highest)
}

function truncated(weights: Float64Array, { topK = weights.length, topP = 1 }: Truncation): Float64Array {
  if (topK >= weights.length && topP >= 1) return weights
  const weightOf = (id: number) => weights[id] ?? 0
  const best = Array.from(weights.keys())
    .sort((a, b) => weightOf(b) - weightOf(a))
    .slice(0, topK)
  const whole = best.reduce((sum, id) => sum + weightOf(id), 0)
  const kept = new Float64Array(weights.length)
  let reached = 0
  for (const id of best) {
    if (reached >= topP * whole) break
    kept[id] = weightOf(id)
    reached += weightOf(id)
  }
  return kept
}
