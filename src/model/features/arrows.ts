import { type Arrow, chain, drawn, type OutlineNode } from '../outline.js'
import type { FeaturesBeside } from './read.js'

/** From one drawn part of the features to the next, and from the last to what they join: the source's encoder, or `beside`. */
export function featureArrows(
  nodes: readonly OutlineNode[],
  features: FeaturesBeside | undefined,
  beside: string | undefined,
): Arrow[] {
  const on = (side: 'source' | 'features') => drawn(nodes.filter(({ box }) => box?.side === side))
  const own = on('features')
  const from = own.at(-1)
  const to = features === undefined ? on('source').find((id) => id.startsWith('encoder.')) : beside
  return [...chain(...own), ...(from === undefined || to === undefined ? [] : [{ from, to }])]
}
