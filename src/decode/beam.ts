import Type, { type Static } from 'typebox'
import { sizeSchema } from '../core/part.js'
import { anyAligned, isAligned } from './aligned.js'
import { candidateOf, extended, type Hypothesis, initialHypothesis } from './hypothesis.js'
import { minLengthSchema } from './length.js'
import { type Ranking, rankBound, rankOf } from './rank.js'
import { type DecoderStep, padded, rowOf, type StepRows, startSteps, takeStep } from './stepwise.js'
import { type Decoded, defineSearchMethod, type Search, type SearchSettings } from './types.js'

const options = Type.Object({
  width: sizeSchema('Beam width: hypotheses kept at every step.', { default: 5 }),
  lengthNormalisation: Type.Number({
    minimum: 0,
    default: 0,
    description:
      'Length normalisation α of Wu et al.: hypotheses are ranked by score over ((5 + length) / 6)^α; 0: none.',
  }),
  coveragePenalty: Type.Optional(
    Type.Number({
      minimum: 0,
      description:
        'Coverage penalty β of Wu et al.: outputs that leave source steps unattended rank lower. Needs a model that attends. Default: 0.',
    }),
  ),
  nBest: sizeSchema('Hypotheses reported per example; at most the width.', { default: 1 }),
  minLength: minLengthSchema,
})
type Options = Static<typeof options>

/** A beam of some width with nothing else; of width 1 it is greedy search. */
export function plainBeam(width: number) {
  return { type: 'beam', width, lengthNormalisation: 0, nBest: 1 } as const
}

export const beam = defineSearchMethod({
  name: 'beam',
  summary:
    'Beam search: keep the most probable hypotheses at every step, until no other can be among the best that have ended.',
  equations: [
    'rank(y) = log p(y | x) / lp(y) + cp(x; y)',
    'lp(y) = ((5 + |y|) / 6)^α',
    'cp(x; y) = β Σ_s ln min(Σ_t a_ts, 1)',
  ],
  source: {
    paper: 'Sutskever et al. 2014, Sequence to Sequence Learning with Neural Networks',
    equation:
      'section 3.2; length normalisation and coverage penalty: Wu et al. 2016, (14), of outputs that have ended',
    url: 'https://arxiv.org/abs/1409.3215',
  },
  options,
  build: searchBeam,
  problems: ({ width, nBest }) =>
    nBest <= width
      ? []
      : [{ path: 'nBest', message: `a beam of ${width} has no ${nBest} best`, expected: `at most ${width}` }],
  needsAlignment: ({ coveragePenalty = 0 }) => (coveragePenalty > 0 ? 'coveragePenalty' : undefined),
})

/** An output that has ended, or is as long as outputs may be, and its rank. */
interface Finished {
  readonly hypothesis: Hypothesis
  readonly value: number
}

/** One example's search: `alive` hypotheses are in rows that follow each other, in this order. */
interface Beam {
  /** The most probable first. */
  readonly alive: readonly Hypothesis[]
  /** The n best that have ended, the best first; of equals, the first to end. */
  readonly finished: readonly Finished[]
  /** For each alive one, which row of the step before it comes from. */
  readonly parents: readonly number[]
}

/** What one example's search goes by. */
interface Limits extends Ranking {
  readonly width: number
  readonly nBest: number
  readonly minLength: number
  /** Of the example's source. */
  readonly steps: number
}

/**
 * At every step the `width` most probable extensions are kept, and those of them that end leave the beam. An example's
 * search ends when its n best have ended and no hypothesis that is alive can come to rank above them: what follows would
 * change nothing.
 */
export function searchBeam(options: Options): Search {
  const { width: copies, coveragePenalty = 0, minLength = 0 } = options
  return async (members, examples, settings) => {
    const aligned = anyAligned(settings.alignments) || coveragePenalty > 0
    const { stepper, states: first, batch } = startSteps(members, settings.specials, aligned)
    const lengths = members[0]?.encoded.lengths ?? []
    const limits = examples.map((_, row) => ({ ...options, coveragePenalty, minLength, steps: lengths[row] ?? 0 }))
    const start = initialHypothesis(settings.first ?? settings.specials.bos)
    let beams = examples.map((_, row): Beam => ({ alive: [start], finished: [], parents: [row] }))
    let states = first
    const { pad } = settings.specials
    for (let step = 0; step <= settings.maxLength && beams.some(({ alive }) => alive.length > 0); step++) {
      const { firstRows, ...rows } =
        settings.rowsStep === undefined ? spreadRows(beams, batch, copies, pad) : packedRows(beams, settings.rowsStep)
      const stepped = await takeStep(stepper, states, rows)
      beams = beams.map((each, at) => grown(each, stepped, firstRows[at] ?? 0, limits[at] ?? noLimits, settings))
      states = stepped.states
    }
    return beams.map((each, row) => outputOf(each, options.nBest, isAligned(settings.alignments, examples[row] ?? 0)))
  }
}

const noLimits: Limits = { width: 0, nBest: 0, minLength: 0, lengthNormalisation: 0, coveragePenalty: 0, steps: 0 }

/** Rows of a step, and the first of each example. */
interface BeamRows extends StepRows {
  readonly firstRows: readonly number[]
}

/** `copies` rows an example, whatever is alive: those without a hypothesis follow its first. */
function spreadRows(beams: readonly Beam[], batch: number, copies: number, pad: number): BeamRows {
  const all = Array.from({ length: batch * copies }, (_, row) => row)
  const examples = all.map((row) => Math.floor(row / copies))
  const beamOf = (row: number) => beams[examples[row] ?? 0]
  return {
    examples,
    parents: all.map((row) => beamOf(row)?.parents[row % copies] ?? beamOf(row)?.parents[0] ?? 0),
    previous: all.map((row) => beamOf(row)?.alive[row % copies]?.id ?? pad),
    firstRows: beams.map((_, example) => example * copies),
  }
}

/** A row a hypothesis that is alive, up to a multiple of `rowsStep`. */
function packedRows(beams: readonly Beam[], rowsStep: number): BeamRows {
  const alive = beams.flatMap((beam, example) =>
    beam.alive.map(({ id }, place) => ({ example, parent: beam.parents[place] ?? 0, id })),
  )
  const rows = padded(alive, rowsStep)
  let next = 0
  const firstRows = beams.map((beam) => {
    next += beam.alive.length
    return next - beam.alive.length
  })
  return {
    examples: rows.map(({ example }) => example),
    parents: rows.map(({ parent }) => parent),
    previous: rows.map(({ id }) => id),
    firstRows,
  }
}

/** Extends an example's hypotheses by one step, whose rows start at `firstRow`. */
function grown(current: Beam, stepped: DecoderStep, firstRow: number, limits: Limits, settings: SearchSettings): Beam {
  const { specials, maxLength } = settings
  const alive: Hypothesis[] = []
  const parents: number[] = []
  const ended = new Set<Hypothesis>()
  for (const { place, id, logProb } of mostProbable(current.alive, stepped, firstRow, limits, specials.eos)) {
    const parent = current.alive[place]
    if (parent === undefined) continue
    const row = stepped.alignment === undefined ? undefined : [...rowOf(stepped.alignment, firstRow + place)]
    const next = extended(parent, id, logProb, specials.eos, row)
    if (next.ended) ended.add(next)
    // Full: it stays as it is, without the symbol that would be too much.
    else if (next.length > maxLength) ended.add(parent)
    else {
      alive.push(next)
      parents.push(firstRow + place)
    }
  }
  const finished = bestOf(current.finished, [...ended], limits)
  return isOver(alive, finished, limits, maxLength)
    ? { alive: [], finished, parents: [0] }
    : { alive, finished, parents }
}

/** The n best of those that had ended before and those that end now; sorting keeps the order of equals. */
function bestOf(before: readonly Finished[], ended: readonly Hypothesis[], limits: Limits): readonly Finished[] {
  if (ended.length === 0) return before
  const now = ended.map((hypothesis) => ({ hypothesis, value: rankOf(hypothesis, limits, limits.steps) }))
  return [...before, ...now].sort((a, b) => b.value - a.value).slice(0, limits.nBest)
}

/** Whether nothing that is alive can still be among the n best: what ends later ranks after its equals. */
function isOver(
  [best]: readonly Hypothesis[],
  finished: readonly Finished[],
  limits: Limits,
  maxLength: number,
): boolean {
  const last = finished[limits.nBest - 1]
  return best === undefined || (last !== undefined && last.value >= rankBound(best, limits, maxLength))
}

interface Extension {
  readonly place: number
  readonly id: number
  readonly logProb: number
  readonly score: number
}

/** The `width` best extensions of all hypotheses, best first; of equals, the earlier. Symbols at −∞ are barred. */
function mostProbable(
  alive: readonly Hypothesis[],
  { logProbs }: DecoderStep,
  firstRow: number,
  { width, minLength }: Limits,
  eos: number,
): Extension[] {
  const best: Extension[] = []
  let lowest = Number.NEGATIVE_INFINITY
  for (const [place, { score: before, length }] of alive.entries()) {
    const row = rowOf(logProbs, firstRow + place)
    for (let id = 0; id < row.length; id++) {
      // Rounding may give a sure symbol a little more than probability 1: then bounds would be none.
      const logProb = Math.min(0, row[id] ?? Number.NaN)
      const score = before + logProb
      if (score <= lowest || (id === eos && length < minLength)) continue
      const after = best.findIndex((other) => other.score < score)
      best.splice(after === -1 ? best.length : after, 0, { place, id, logProb, score })
      if (best.length > width) best.pop()
      if (best.length === width) lowest = best[width - 1]?.score ?? lowest
    }
  }
  return best
}

function outputOf({ finished, alive }: Beam, nBest: number, aligned: boolean): Decoded {
  const ranked = [...finished.map(({ hypothesis }) => hypothesis), ...alive].slice(0, nBest)
  const [best, ...others] = ranked.map((hypothesis) => candidateOf(hypothesis, aligned))
  if (best === undefined) throw new RangeError('A beam has at least one hypothesis')
  return nBest === 1 ? best : { ...best, candidates: [best, ...others] }
}
