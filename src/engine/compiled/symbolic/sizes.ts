// Numbers in a graph that are sizes of its inputs: which, is seen from tracing it at several sizes.

/** A named axis, and its size in each trace: as many traces as there are numbers. */
export type AxisSizes = Readonly<Record<string, readonly number[]>>

/** times · (product of the axes) + plus; no axes: the number `plus`. */
export interface Size {
  readonly axes: readonly string[]
  readonly times: number
  readonly plus: number
}

/**
 * The size that has these values in the traces; undefined where there is none: a whole multiple of an axis or of a product
 * of two, plus a whole number. Of several the first without that number.
 */
export function sizeOf(values: readonly number[], axes: AxisSizes): Size | undefined {
  const [first = 0] = values
  if (values.every((value) => value === first)) return { axes: [], times: 0, plus: first }
  const found = products(axes).flatMap(([names, sizes]) => {
    const times = (first - (values[1] ?? 0)) / ((sizes[0] ?? 0) - (sizes[1] ?? 0))
    const plus = first - times * (sizes[0] ?? 0)
    const fits = values.every((value, trace) => value === times * (sizes[trace] ?? 0) + plus)
    return Number.isInteger(times) && fits ? [{ axes: names, times, plus }] : []
  })
  return found.find(({ plus }) => plus === 0) ?? found[0]
}

/** `B`, `2*S+1`: how a size is called where it has a name. */
export function sizeName({ axes, times, plus }: Size): number | string {
  if (axes.length === 0) return plus
  const product = [...(times === 1 ? [] : [times]), ...axes].join('*')
  return plus === 0 ? product : `${product}${plus > 0 ? '+' : ''}${plus}`
}

function products(axes: AxisSizes): (readonly [names: readonly string[], sizes: readonly number[]])[] {
  const single = Object.entries(axes)
  const pairs = single.flatMap(([one, sizes], index) =>
    single.slice(index + 1).map(([other, others]) => {
      return [[one, other], sizes.map((size, trace) => size * (others[trace] ?? 0))] as const
    }),
  )
  return [...single.map(([name, sizes]) => [[name], sizes] as const), ...pairs]
}
