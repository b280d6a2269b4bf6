import type { Candidate } from './types.js'

/** A prefix of an output: its last symbol, and the hypothesis before it. */
export interface Hypothesis {
  readonly parent?: Hypothesis
  readonly id: number
  /** Log probability of all of it, in nats. */
  readonly score: number
  /** Symbols of it, eos not counted. */
  readonly length: number
  readonly ended: boolean
  /** Of the step that chose `id`. */
  readonly alignment?: readonly number[]
}

/** Nothing yet: what was fed is bos. */
export function initialHypothesis(bos: number): Hypothesis {
  return { id: bos, score: 0, length: 0, ended: false }
}

export function extended(parent: Hypothesis, id: number, logProb: number, eos: number, alignment?: readonly number[]) {
  const ended = id === eos
  const length = parent.length + (ended ? 0 : 1)
  const seen = alignment === undefined ? {} : { alignment }
  return { parent, id, score: parent.score + logProb, length, ended, ...seen } satisfies Hypothesis
}

/** `aligned`: with the alignments of its steps, where they were computed. */
export function candidateOf(hypothesis: Hypothesis, aligned: boolean): Candidate {
  const ids = path(hypothesis).map(({ id }) => id)
  const alignment = aligned ? alignmentOf(hypothesis) : []
  return {
    ids: hypothesis.ended ? ids.slice(0, -1) : ids,
    score: hypothesis.score,
    ...(alignment.length === 0 ? {} : { alignment }),
  }
}

/** A row for each of its steps; none where they have no alignment. */
export function alignmentOf(hypothesis: Hypothesis): (readonly number[])[] {
  return path(hypothesis).flatMap(({ alignment }) => (alignment === undefined ? [] : [alignment]))
}

/** Its steps from the first symbol on, without bos. */
function path(last: Hypothesis): Hypothesis[] {
  const steps: Hypothesis[] = []
  for (let step = last; step.parent !== undefined; step = step.parent) steps.push(step)
  return steps.reverse()
}
