import type { ScoredExample } from './types.js'

/** Predicted minus reference numbers; throws where there are none or where they differ in number. */
export function errorsOf({ values }: ScoredExample): readonly number[] {
  if (values === undefined) throw new RangeError('The example was evaluated without its numbers')
  const { reference, predicted } = values
  if (reference.length !== predicted.length)
    throw new RangeError('A forecast must have as many numbers as its reference')
  return predicted.map((value, at) => value - (reference[at] ?? 0))
}

export const noNumbers = 'there are no numbers to forecast'
