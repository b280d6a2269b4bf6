import type { Generator } from '../../../generating/draw.js'

/** Of a generator whose source has letters a and b, and whose label says whether a count over them is even. */
export function evenOrOdd(count: (letters: readonly string[]) => number) {
  const draw: Generator = (random, length) => {
    const source = Array.from({ length }, () => (random.below(2) === 0 ? 'a' : 'b'))
    return { source, target: count(source) % 2 === 0 ? 'even' : 'odd' }
  }
  return { lengthOf: 'symbols', options: {}, build: () => draw }
}
