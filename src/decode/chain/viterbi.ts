import type { Chain, Path } from './types.js'

/** One of the best ways to a label at a step: its potential so far, and the way before it. */
interface Way {
  readonly label: number
  readonly potential: number
  readonly before: Way | undefined
}

/**
 * The `count` paths of the highest potential among those allowed, the best first; fewer where there are not as many. (Viterbi
 * 1967; the n best by keeping n ways to every label at every step, the parallel list algorithm of Seshadri & Sundberg 1994.)
 * Among equals the lower label comes first. Where nothing is allowed at all (a single token under IOBES without S and O),
 * what is allowed is not asked.
 */
export function bestPaths(chain: Chain, count: number): readonly Path[] {
  const found = search(chain, count)
  if (found.length > 0 || chain.allowed === undefined) return found
  const { allowed: _, ...free } = chain
  return search(free, count)
}

function search(chain: Chain, count: number): readonly Path[] {
  const { steps, labels, end, allowed } = chain
  if (steps === 0) return [{ ids: [], potential: 0 }]
  let ways = firstWays(chain)
  for (let step = 1; step < steps; step++) ways = nextWays(chain, step, ways, count)
  const done = Array.from({ length: labels }, (_, label) => {
    return allowed?.end[label] === 0 ? [] : lengthened(ways[label] ?? [], label, end[label] ?? 0)
  })
  // The last step's ways are followed by one of no label.
  return best(done, count).map(({ before, potential }) => ({ ids: labelsOf(before), potential }))
}

/** Ways of one label each. */
function firstWays({ labels, emissions, start, allowed }: Chain): readonly (readonly Way[])[] {
  return Array.from({ length: labels }, (_, label) => {
    if (allowed?.start[label] === 0) return []
    return [{ label, potential: (start[label] ?? 0) + (emissions[label] ?? 0), before: undefined }]
  })
}

function nextWays(
  { labels, emissions, transitions, allowed }: Chain,
  step: number,
  ways: readonly (readonly Way[])[],
  count: number,
): readonly (readonly Way[])[] {
  return Array.from({ length: labels }, (_, label) => {
    const emission = emissions[step * labels + label] ?? 0
    const arriving = ways.map((before, from) => {
      const pair = from * labels + label
      return allowed?.transitions[pair] === 0 ? [] : lengthened(before, label, (transitions[pair] ?? 0) + emission)
    })
    return best(arriving, count)
  })
}

function lengthened(ways: readonly Way[], label: number, by: number): readonly Way[] {
  return ways.map((before) => ({ label, potential: before.potential + by, before }))
}

/** The best of lists that are each in order, in order. */
function best(lists: readonly (readonly Way[])[], count: number): readonly Way[] {
  const found: Way[] = []
  for (const list of lists) {
    for (const way of list) {
      const place = found.findIndex((other) => way.potential > other.potential)
      if (place < 0) found.push(way)
      else found.splice(place, 0, way)
      // Those after one that is dropped again are no better.
      if (found.length > count && found.pop() === way) break
    }
  }
  return found
}

function labelsOf(last: Way | undefined): number[] {
  const ids: number[] = []
  for (let way = last; way !== undefined; way = way.before) ids.push(way.label)
  return ids.reverse()
}
