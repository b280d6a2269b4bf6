import { EOS, specialSymbols } from '../../data/types.js'

/** What can be seen of a symbol: white space, and nothing at all, as an open box. */
export function visibleSymbol(symbol: string): string {
  return symbol.trim() === '' ? '␣' : symbol
}

/** The same of a token that may be missing: then there is nothing to see. */
export function visibleToken(token: string): string {
  return token === '' ? '' : visibleSymbol(token)
}

/** A predicted token; the symbol that ends a sequence by the word that pages have for it. */
export function predictedToken(token: string): string {
  return token === specialSymbols[EOS] ? 'end' : visibleToken(token)
}

/** Tokens in a row, so that each can be told apart from its neighbours. */
export function tokensText(tokens: readonly string[]): string {
  return tokens.map(visibleToken).join(' ')
}
