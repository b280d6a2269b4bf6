import { sizeSchema } from '../../core/part.js'
import { renamed } from '../axes.js'
import { embedding } from '../representation/embedding.js'
import type { BuiltRepresentation, Side } from '../representation/types.js'

export const embeddingSize = sizeSchema("Dimension of a character's vector.", { default: 25 })

/** A learned vector for each character. */
export function characterEmbedding(size: number, side: Side): BuiltRepresentation {
  const built = embedding.build({ size, start: 'random', frozen: false }, side)
  return { ...built, output: renamed(built.output, 'I') }
}
