/**
 * An axis of a tensor by name, with its size and what indexes it. Names are the field's: B batch, S source steps, T target
 * steps, E embedding, H hidden, D an encoder output's size, V vocabulary; `3H` is three blocks, `E+D` two axes joined.
 */
export interface Axis {
  readonly name: string
  readonly size: number
  /**
   * What place i along it means: the i-th symbol of a vocabulary, the i-th label, or a unit without a meaning of its own.
   * Warm starts map symbols and labels by name, units by place.
   */
  readonly index: AxisIndex
  /** Where axes are joined end to end, or are blocks: the parts in order, whose sizes add up. */
  readonly parts?: readonly Axis[]
}

export type AxisIndex =
  | 'source symbols'
  | 'target symbols'
  | 'features'
  | 'characters'
  | `factor ${string}`
  | 'labels'
  | 'series'
  | 'source steps'
  | 'copies'
  | 'units'

/** Units without a meaning of their own. */
export function units(name: string, size: number): Axis {
  return { name, size, index: 'units' }
}

/** An axis with another name for the same places. */
export function renamed(axis: Axis, name: string): Axis {
  return { ...axis, name }
}

/** `times` blocks of an axis side by side (gates): `3H`. */
export function times(count: number, axis: Axis): Axis {
  if (count === 1) return axis
  const parts = Array.from({ length: count }, () => axis)
  return { name: `${count}${axis.name}`, size: count * axis.size, index: 'units', parts }
}

/** Axes end to end: `E+D`. */
export function joined(...parts: readonly Axis[]): Axis {
  const [only] = parts
  if (parts.length === 1 && only !== undefined) return only
  const name = parts.map((part) => part.name).join('+')
  return { name, size: parts.reduce((sum, { size }) => sum + size, 0), index: 'units', parts }
}
