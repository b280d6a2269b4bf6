import { datasetError } from '../data-error.js'
import type { RawSeries } from '../sources/types.js'
import type { LostChanges } from '../types.js'

// What float32 leaves of numbers once they are scaled: it ends at 3.4e38, has 7 digits, and fewer below 1.2e-38.

/** Numbers of several series, step by step. */
type Steps = readonly (readonly number[])[]

/** Raw steps with the same steps scaled. */
interface Scaled extends Pick<RawSeries, 'names' | 'steps'> {
  readonly scaled: Steps
}

const smallestNormal = 2 ** -126

/** The largest absolute value. */
export function largestOf(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
}

/** What is beyond float32 once scaled is no number that a model can read. */
export function refuseTooLarge({ names, steps, scaled }: Scaled): void {
  const isLost = (value: number) => !Number.isFinite(Math.fround(value))
  const step = scaled.findIndex((row) => row.some(isLost))
  const at = scaled[step]?.findIndex(isLost)
  if (at === undefined) return
  throw datasetError('data.source', `step ${step + 1} of ${names[at]} is too large, also when it is scaled`, {
    expected: 'a number that float32 holds once scaled (up to 3.4e38)',
    received: `${steps[step]?.[at]}`,
    hint: 'correct or remove the value; scaling is fitted on the training part alone',
  })
}

/**
 * A series that varies in the training part while float32 makes 0 of all of it (or of its digits) is lost: its references would
 * be 0, and every forecast of 0 right. A small number next to larger ones is not lost: to them it is 0.
 */
export function refuseTooSmall({ names, steps, scaled }: Scaled): void {
  names.forEach((name, at) => {
    const numbers = steps.map((step) => step[at] ?? 0)
    const varies = numbers.some((number) => number !== numbers[0])
    if (!varies || scaled.some((step) => Math.abs(step[at] ?? 0) >= smallestNormal)) return
    throw datasetError('data.source', `all numbers of ${name} are too small in training, also when they are scaled`, {
      expected: 'numbers that float32 holds once scaled (from 1.2e-38 on)',
      received: `at most ${largestOf(numbers)}`,
      hint: 'scale the series (data.source.scale: standard), or give it in another unit',
    })
  })
}

/** By name: series of which a notable share of the changes in training is lost, because a few numbers or an offset are much larger. */
export function lostChanges({ names, steps, scaled }: Scaled): Readonly<Record<string, LostChanges>> {
  const of = (all: Steps, at: number) => all.map((step) => step[at] ?? 0)
  const counted = names.map((name, at) => [name, countLost(of(steps, at), of(scaled, at))] as const)
  return Object.fromEntries(counted.filter(([, lost]) => isNotable(lost)))
}

/** Whether float32 loses a notable share of the changes from number to number. */
export function losesChanges(numbers: readonly number[], scaled: readonly number[]): boolean {
  return isNotable(countLost(numbers, scaled))
}

function countLost(numbers: readonly number[], scaled: readonly number[]): LostChanges {
  const changed = numbers.flatMap((number, index) => (index > 0 && number !== numbers[index - 1] ? [index] : []))
  const rounded = (index: number) => Math.fround(scaled[index] ?? 0)
  const lost = changed.filter((index) => rounded(index) === rounded(index - 1)).length
  return { changes: changed.length, lost }
}

/** Neighbours that differ by less than their rounding are found in any series of many digits: one in twenty is no accident. */
function isNotable({ changes, lost }: LostChanges): boolean {
  return lost > 0 && lost >= changes / 20
}
