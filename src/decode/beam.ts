import Type, { type Static } from 'typebox'
import { sizeSchema } from '../core/part.js'
import { candidateOf, decodedOf, extended, type Hypothesis, initialHypothesis } from './hypothesis.js'
import { type DecoderStep, rowOf, takeStep } from './stepwise.js'
import { type Decoded, defineSearchMethod, type Search, type SearchSettings } from './types.js'

const options = Type.Object({
  width: sizeSchema('Beam width: hypotheses kept at every step.', { default: 5 }),
  lengthNormalisation: Type.Number({
    minimum: 0,
    default: 0,
    description:
      'Length normalisation α of Wu et al.: hypotheses are ranked by score over ((5 + length) / 6)^α; 0: none.',
  }),
  nBest: sizeSchema('Hypotheses reported per example; at most the width.', { default: 1 }),
})
type Options = Static<typeof options>

export const beam = defineSearchMethod({
  name: 'beam',
  summary: 'Beam search: keep the most probable hypotheses at every step; the beam narrows as hypotheses end.',
  equations: ['rank(y) = log p(y | x) / lp(y)', 'lp(y) = ((5 + |y|) / 6)^α'],
  source: {
    paper: 'Sutskever et al. 2014, Sequence to Sequence Learning with Neural Networks',
    equation: 'section 3.2; length normalisation: Wu et al. 2016, (14), at the end alone',
    url: 'https://arxiv.org/abs/1409.3215',
  },
  options,
  build: searchBeam,
  problems: ({ width, nBest }) =>
    nBest <= width
      ? []
      : [{ path: 'nBest', message: `a beam of ${width} has no ${nBest} best`, expected: `at most ${width}` }],
})

/** One example's search: `alive` hypotheses are in rows of its own, in this order. */
interface Beam {
  readonly alive: readonly Hypothesis[]
  readonly done: readonly Hypothesis[]
  /** For each alive one, which of the example's rows it comes from. */
  readonly parents: readonly number[]
}

function searchBeam(options: Options): Search {
  return async (run, transducer, { memory, state: first, rows: batch }, examples, settings) => {
    const { width: copies } = options
    const stepper = {
      run,
      transducer,
      memory,
      copies,
      specials: settings.specials,
      alignments: settings.alignments > 0,
    }
    const start: Beam = { alive: [initialHypothesis(settings.specials.bos)], done: [], parents: [0] }
    let beams: readonly Beam[] = examples.map(() => start)
    // The first state has one row per example, all later ones one per copy.
    let [state, stateRows] = [first, 1]
    // Ends: a hypothesis grows by a symbol at every step, and is done at maxLength.
    while (beams.some(({ alive }) => alive.length > 0)) {
      const rows = inputRows(beams, batch, copies, stateRows, settings.specials.pad)
      const stepped = await takeStep(stepper, state, rows.parents, rows.previous)
      beams = beams.map((each, example) => grow(each, stepped, example * copies, options, settings))
      state = stepped.state
      stateRows = copies
    }
    return beams.map((each) => rank(each, options))
  }
}

/** Parents and previous symbols of every row; rows without a hypothesis follow their example's first. */
function inputRows(beams: readonly Beam[], batch: number, copies: number, stateRows: number, pad: number) {
  const parents: number[] = []
  const previous: number[] = []
  for (let row = 0; row < batch * copies; row++) {
    const [example, place] = [Math.floor(row / copies), row % copies]
    parents.push(example * stateRows + (beams[example]?.parents[place] ?? 0))
    previous.push(beams[example]?.alive[place]?.id ?? pad)
  }
  return { parents, previous }
}

/** Extends an example's hypotheses by one step, whose rows start at `firstRow`. */
function grow(
  current: Beam,
  stepped: DecoderStep,
  firstRow: number,
  { width }: Options,
  settings: SearchSettings,
): Beam {
  const { specials, maxLength } = settings
  const best = mostProbable(current.alive, stepped, firstRow, width - current.done.length)
  const alive: Hypothesis[] = []
  const parents: number[] = []
  const done = new Set(current.done)
  for (const { place, id, logProb } of best) {
    const parent = current.alive[place]
    if (parent === undefined) continue
    const row = stepped.alignment === undefined ? undefined : [...rowOf(stepped.alignment, firstRow + place)]
    const next = extended(parent, id, logProb, specials.eos, row)
    if (next.ended) done.add(next)
    // Full: it stays as it is, without the symbol that would be too much.
    else if (next.length > maxLength) done.add(parent)
    else {
      alive.push(next)
      parents.push(place)
    }
  }
  return { alive, done: [...done], parents }
}

interface Extension {
  readonly place: number
  readonly id: number
  readonly logProb: number
  readonly score: number
}

/** The `count` best extensions of all hypotheses, best first; of equals, the earlier. Symbols at −∞ are barred. */
function mostProbable(alive: readonly Hypothesis[], { logProbs }: DecoderStep, firstRow: number, count: number) {
  const best: Extension[] = []
  let lowest = Number.NEGATIVE_INFINITY
  for (const [place, { score: before }] of alive.entries()) {
    const row = rowOf(logProbs, firstRow + place)
    for (let id = 0; id < row.length; id++) {
      const logProb = row[id] ?? Number.NaN
      const score = before + logProb
      if (score <= lowest) continue
      const after = best.findIndex((other) => other.score < score)
      best.splice(after === -1 ? best.length : after, 0, { place, id, logProb, score })
      if (best.length > count) best.pop()
      if (best.length === count) lowest = best[count - 1]?.score ?? lowest
    }
  }
  return best
}

function rank({ done, alive }: Beam, { lengthNormalisation, nBest }: Options): Decoded {
  const value = ({ score, length }: Hypothesis) => score / ((5 + length) / 6) ** lengthNormalisation
  const ranked = [...done, ...alive].sort((a, b) => value(b) - value(a))
  const candidates = nBest === 1 ? undefined : ranked.slice(0, nBest).map(candidateOf)
  const [best] = ranked
  if (best === undefined) throw new RangeError('A beam has at least one hypothesis')
  return decodedOf(best, candidates)
}
