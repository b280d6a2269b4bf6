/** A stretch of a flat vector: items of a list from `first` up to, not including, `end`, and where they lie. */
export interface Stretch {
  readonly first: number
  readonly end: number
  readonly offset: number
  readonly size: number
}

/**
 * Below this many numbers a port of its own costs more (about 2 µs a run to cross into JavaScript) than to copy its
 * numbers once more.
 */
export const large = 2 ** 13

/** Lists the pieces of a vector: each large one by itself, small neighbours together. */
export function stretchesOf(sizes: readonly number[]): Stretch[] {
  const stretches: Stretch[] = []
  let offset = 0
  sizes.forEach((size, index) => {
    const last = stretches.at(-1)
    if (size < large && last !== undefined && isSmall(sizes, last)) {
      stretches[stretches.length - 1] = { ...last, end: index + 1, size: last.size + size }
    } else {
      stretches.push({ first: index, end: index + 1, offset, size })
    }
    offset += size
  })
  return stretches
}

function isSmall(sizes: readonly number[], { first }: Stretch): boolean {
  return (sizes[first] ?? 0) < large
}
