import { concat, reshape } from '../../core/ops.js'
import type { Tensor3D } from '../../core/tf.js'
import { subtree } from '../../core/tree.js'
import { joined } from '../axes.js'
import type { BuiltRepresentation, Sequence } from '../representation/types.js'
import type { CharacterReader } from './types.js'

/**
 * A representation with what the characters of each symbol give: x = [w; k], E + K numbers. Parameters of the reader are
 * under `characters`.
 */
export function withCharacters(words: BuiltRepresentation, reader: CharacterReader): BuiltRepresentation {
  return {
    parameters: { ...words.parameters, characters: reader.parameters },
    output: joined(words.output, reader.output),
    embed: (params, sequence) => {
      const { ids, mask } = charactersOf(sequence)
      const [batch, steps, places] = ids.shape
      // [B*S,C]: every place of the batch is a word.
      const flat = [batch * steps, places] as const
      const read = reader.read(subtree(params, 'characters'), { ids: reshape(ids, flat), mask: reshape(mask, flat) })
      const perStep: Tensor3D = reshape(read, [batch, steps, reader.output.size])
      return concat([words.embed(params, sequence), perStep], 2)
    },
  }
}

function charactersOf(sequence: Sequence) {
  if (!('ids' in sequence) || sequence.characters === undefined)
    throw new RangeError('The model reads characters, and the batch has none')
  return sequence.characters
}
