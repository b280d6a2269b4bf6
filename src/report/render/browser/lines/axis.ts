import type { AxisName, StepAxes } from '../../../analysis/trial/axes.js'
import { countQuantity, durationQuantity, type Quantity } from '../../../format/quantity.js'

export interface HorizontalAxis {
  readonly quantity: Quantity
  /** Where a step is on the axis, in the quantity's unit. */
  place(step: number): number
}

/** The choices that a reader has, with what each is called. */
export function axisChoices({ tokens, time }: StepAxes): (readonly [AxisName, string])[] {
  return [
    ['step', 'step'],
    ...(tokens === undefined ? [] : [['tokens', tokens.name] as const]),
    ...(time === undefined ? [] : [['time', 'training time'] as const]),
  ]
}

/** `step`: its name where steps are not those of a training. */
export function horizontalAxis(name: AxisName, { tokens, time }: StepAxes, step: string): HorizontalAxis {
  if (name === 'tokens' && tokens !== undefined)
    return { quantity: countQuantity(`${tokens.name} trained on`), place: (at) => between(tokens.knots, at) }
  if (name === 'time' && time !== undefined) {
    const { quantity, one } = durationQuantity('training time', [time.ms])
    return { quantity, place: (at) => (time.ms / one) * (at / time.steps) }
  }
  return { quantity: countQuantity(step), place: (at) => at }
}

/** On the straight line between the knots around a step, or beyond the last two. */
function between(knots: readonly (readonly [step: number, total: number])[], step: number): number {
  const after = Math.max(
    1,
    knots.findIndex(([at]) => at >= step) === -1 ? knots.length - 1 : knots.findIndex(([at]) => at >= step),
  )
  const [[x0, y0], [x1, y1]] = [knots[after - 1] ?? [0, 0], knots[after] ?? [1, 0]]
  return x1 === x0 ? y1 : y0 + ((step - x0) / (x1 - x0)) * (y1 - y0)
}
