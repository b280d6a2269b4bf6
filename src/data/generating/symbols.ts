import type { Static, TObject } from 'typebox'
import { sizeSchema } from '../../core/part.js'
import { sureLinks } from '../alignment.js'
import type { Generator } from './draw.js'

const symbolsOption = {
  symbols: sizeSchema('Number of different symbols, which are written 0, 1, 2, ...', { default: 10 }),
}

/** Of a generator whose source has uniform symbols and whose target has them in another order: by place, where each is from. */
export function ofSymbols(orderOf: (source: readonly string[]) => readonly number[]) {
  const build = ({ symbols }: Static<TObject<typeof symbolsOption>>): Generator => {
    return (random, length) => {
      const source = Array.from({ length }, () => `${random.below(symbols)}`)
      const order = orderOf(source)
      return { source, target: order.map((from) => source[from] ?? ''), alignment: sureLinks(order, length) }
    }
  }
  return { lengthOf: 'symbols', options: symbolsOption, build }
}
