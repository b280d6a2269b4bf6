import type { Static, TObject } from 'typebox'
import { sizeSchema } from '../../core/part.js'
import type { Generator } from './draw.js'

const symbolsOption = {
  symbols: sizeSchema('Number of different symbols, which are written 0, 1, 2, ...', { default: 10 }),
}

/** Of a generator whose source has uniform symbols and whose target follows from it. */
export function ofSymbols(targetOf: (source: readonly string[]) => readonly string[]) {
  const build = ({ symbols }: Static<TObject<typeof symbolsOption>>): Generator => {
    return (random, length) => {
      const source = Array.from({ length }, () => `${random.below(symbols)}`)
      return { source, target: targetOf(source) }
    }
  }
  return { lengthOf: 'symbols', options: symbolsOption, build }
}
