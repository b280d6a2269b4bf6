import type { Curve, Group } from '../../../analysis/comparison/types.js'
import type { AxisName } from '../../../analysis/trial/axes.js'
import { countQuantity, durationQuantity, type Quantity } from '../../../format/quantity.js'

/** What curves over steps can be drawn over: tokens and time where both are known of all variants. */
export function axesOf({ variants, loss }: Group): (readonly [AxisName, string])[] {
  const finished = variants.filter(({ seeds }) => seeds.length > 0)
  const known = (of: 'ms' | 'tokens') => finished.length > 0 && finished.every(({ perStep }) => perStep[of] !== null)
  return [
    ['step', 'step'],
    ...(known('tokens') ? [['tokens', `${loss.over}s`] as const] : []),
    ...(known('ms') ? [['time', 'training time'] as const] : []),
  ]
}

interface Horizontal {
  readonly quantity: Quantity
  /** Where a variant's step is, in the quantity's unit: every step of a variant counts as much as its mean one. */
  place(variant: string, step: number): number
}

export function horizontalOf({ variants, loss }: Group, axis: AxisName, drawn: readonly Curve[]): Horizontal {
  if (axis === 'step') return { quantity: countQuantity('step'), place: (_, step) => step }
  const per = new Map(variants.map(({ id, perStep }) => [id, perStep[axis === 'time' ? 'ms' : 'tokens'] ?? 0]))
  const place = (variant: string, step: number) => (per.get(variant) ?? 0) * step
  if (axis === 'tokens') return { quantity: countQuantity(`${loss.over}s trained on`), place }
  const ends = drawn.map(({ variant, points }) => place(variant, points.at(-1)?.[0] ?? 0))
  const { quantity, one } = durationQuantity('training time', ends)
  return { quantity, place: (variant, step) => place(variant, step) / one }
}
