import { sha256Bytes } from '../../core/hash.js'
import type { Random } from '../../core/random.js'
import type { RawAlignment } from '../alignment.js'
import { datasetError } from '../data-error.js'
import type { RawExample, RawText } from '../sources/types.js'
import type { SetName } from '../types.js'

/** A drawn example. */
export interface Drawn {
  readonly source: RawText
  readonly target: RawText
  /** Where the answer is from, where that can be said. */
  readonly alignment?: RawAlignment
}

/** Draws an example of a length. */
export type Generator = (random: Random, length: number) => Drawn

export interface SetSize {
  readonly examples: number
  readonly minLength: number
  readonly maxLength: number
}

/** With so many draws in a row that cannot be used, there are no others. */
const patience = 2000

/**
 * The examples of one set: lengths uniform from minLength to maxLength. Held-out sources differ from each other, training may
 * repeat. Throws SeqlabError 'data' where there are not as many.
 */
export function drawSet(generator: Generator, set: SetName, size: SetSize, random: Random): RawExample[] {
  const drawn: RawExample[] = []
  const seen = new Set<string>()
  let refused = 0
  while (drawn.length < size.examples) {
    const example = generator(random, size.minLength + random.below(size.maxLength - size.minLength + 1))
    const key = [example.source].flat().join('\u0000')
    if (setOfSource(key) === set && !seen.has(key)) {
      if (set !== 'train') seen.add(key)
      drawn.push({ ...example, where: `generated ${set} example ${drawn.length + 1}` })
      refused = 0
    } else refused += 1
    if (refused > patience) throw tooFew(set, drawn.length, size)
  }
  return drawn
}

/** By a hash of its text, so that it does not depend on what else is drawn: tenths 0 and 1 are held out. */
function setOfSource(key: string): SetName {
  const tenth = sha256Bytes(key).readUInt32LE(0) % 10
  return tenth === 0 ? 'test' : tenth === 1 ? 'dev' : 'train'
}

function tooFew(set: SetName, found: number, { examples, minLength, maxLength }: SetSize): Error {
  return datasetError('data.source', `there are too few different ${set} examples of these lengths`, {
    expected: `${examples} with a length from ${minLength} to ${maxLength}`,
    received: `${found}${set === 'train' ? '' : ' (a tenth of all sources is held out for each of dev and test)'}`,
    hint: `a larger maxLength, more symbols, or fewer examples of \`${set}\``,
  })
}
