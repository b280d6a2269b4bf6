import { sizeSchema } from '../../core/part.js'
import type { Random } from '../../core/random.js'

/** Option for the number of different symbols, which are written 0, 1, 2, ... */
export const symbolsOption = {
  symbols: sizeSchema('Number of different symbols, which are written 0, 1, 2, ...', { default: 10 }),
}

/** Uniform symbols. */
export function drawSymbols(random: Random, length: number, symbols: number): string[] {
  return Array.from({ length }, () => `${random.below(symbols)}`)
}
