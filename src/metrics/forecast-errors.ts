import Type, { type Static } from 'typebox'
import { undefinedBecause } from '../core/measured.js'
import { hasErrors, ratio } from './distance.js'
import type { Metric, ScoredExample } from './types.js'

export const unitOptions = Type.Object({
  of: Type.Union([Type.Literal('values'), Type.Literal('scaled')], {
    default: 'values',
    description:
      "Errors in the series' own unit (`values`), or of the values as the model sees them, after `data.source.scale` (`scaled`): then series of different sizes weigh alike.",
  }),
})
type UnitOptions = Static<typeof unitOptions>

/** Predicted minus reference numbers; throws where there are none or where they differ in number. */
export function errorsOf({ values }: ScoredExample, { of = 'values' }: Partial<UnitOptions> = {}): readonly number[] {
  if (values === undefined) throw new RangeError('The example was evaluated without its numbers')
  const { reference, predicted, scales } = values
  if (reference.length !== predicted.length)
    throw new RangeError('A forecast must have as many numbers as its reference')
  const errors = predicted.map((value, at) => value - (reference[at] ?? 0))
  if (of === 'values') return errors
  if (scales === undefined) throw new RangeError('The example was evaluated without the scales of its series')
  return errors.map((error, at) => error / (scales[at % scales.length] ?? 1))
}

/** Not 0 for an error whose square is smaller than the smallest number: it is none of a perfect forecast. */
function squared(error: number): number {
  return error === 0 ? 0 : Math.max(error ** 2, Number.MIN_VALUE)
}

/** Below this a number has lost digits. */
const smallestNormal = 2 ** -1022

const squaresTooSmall = undefinedBecause(
  'the squares of its errors are smaller than numbers can be (below 2.2e-308); mae takes no squares',
)

/** The mean of squared errors; undefined where their squares are too small to say more of them than that they are not 0. */
export function meanSquare(options: Partial<UnitOptions>): Metric {
  const { value, ...mean } = meanCost(options, squared)
  return {
    ...mean,
    value: (sums) => {
      const [sum = 0] = sums
      return sum > 0 && sum < smallestNormal ? squaresTooSmall : value(sums)
    },
  }
}

/** The mean of a cost of errors, Σ cost(ŷ − y) / n; statistics are [sum of costs, numbers]. */
export function meanCost(options: Partial<UnitOptions>, cost: (error: number) => number): Metric {
  return {
    statistics: (example) => {
      const errors = errorsOf(example, options)
      return [errors.reduce((sum, error) => sum + cost(error), 0), errors.length]
    },
    value: ratio(noNumbers),
    isWrong: hasErrors,
  }
}

export const noNumbers = 'there are no numbers to forecast'
