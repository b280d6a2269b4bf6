import Type, { type Static } from 'typebox'
import { type Random, randomStream } from '../core/random.js'
import { decodedOf, extended, type Hypothesis, initialHypothesis } from './hypothesis.js'
import { type DecoderStep, rowOf, takeStep } from './stepwise.js'
import { defineSearchMethod, type Search, type SearchSettings } from './types.js'

const options = Type.Object({
  temperature: Type.Number({
    exclusiveMinimum: 0,
    default: 1,
    description: 'Softmax temperature: below 1 sharpens the distribution, above 1 flattens it.',
  }),
})
type Options = Static<typeof options>

export const sample = defineSearchMethod({
  name: 'sample',
  summary: 'Sampling: draw each symbol from its distribution, with a seeded random stream per example.',
  equations: ['y_t ~ softmax(log p(y | y_<t, x) / temperature)'],
  source: {
    paper: 'Ackley, Hinton & Sejnowski 1985, A Learning Algorithm for Boltzmann Machines (temperature)',
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
function searchBySampling({ temperature }: Options): Search {
  return async (run, transducer, { memory, state: first, rows: batch }, examples, settings) => {
    const stepper = {
      run,
      transducer,
      memory,
      copies: 1,
      specials: settings.specials,
      alignments: settings.alignments > 0,
    }
    const rows = Array.from({ length: batch }, (_, row) => row)
    const draws = examples.map((example): Draw => {
      const random = randomStream(settings.seed, 'sampling', 'decode', example)
      return { random, hypothesis: initialHypothesis(settings.specials.bos), running: true }
    })
    let state = first
    // Ends: an output grows by a symbol at every step, and does not run beyond maxLength.
    while (draws.some(({ running }) => running)) {
      const previous = rows.map((row) => draws[row]?.hypothesis.id ?? settings.specials.pad)
      const stepped = await takeStep(stepper, state, rows, previous)
      for (const [row, draw] of draws.entries()) if (draw.running) advance(draw, stepped, row, temperature, settings)
      state = stepped.state
    }
    return draws.map(({ hypothesis }) => decodedOf(hypothesis))
  }
}

function advance(draw: Draw, stepped: DecoderStep, row: number, temperature: number, settings: SearchSettings): void {
  const logProbs = rowOf(stepped.logProbs, row)
  const id = drawFrom(logProbs, temperature, draw.random)
  const alignment = stepped.alignment === undefined ? undefined : [...rowOf(stepped.alignment, row)]
  const next = extended(draw.hypothesis, id, logProbs[id] ?? 0, settings.specials.eos, alignment)
  draw.running = !next.ended && next.length <= settings.maxLength
  if (draw.running || next.ended) draw.hypothesis = next
}

/** An index drawn with probability proportional to exp(logProb / temperature). */
export function drawFrom(logProbs: ArrayLike<number>, temperature: number, random: Random): number {
  const values = Float64Array.from(logProbs)
  const highest = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY)
  const weights = values.map((logProb) => Math.exp((logProb - highest) / temperature))
  let left = random.uniform() * weights.reduce((sum, weight) => sum + weight, 0)
  for (let id = 0; id < weights.length; id++) {
    left -= weights[id] ?? 0
    if (left < 0) return id
  }
  return values.indexOf(highest)
}
