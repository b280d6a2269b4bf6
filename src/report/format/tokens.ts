import { EOS, specialSymbols } from '../../data/types.js'

/** A token of which something can be seen: white space as an open box. */
export function visibleToken(token: string): string {
  return token !== '' && token.trim() === '' ? '␣' : token
}

/** A predicted token; the symbol that ends a sequence by the word that pages have for it. */
export function predictedToken(token: string): string {
  return token === specialSymbols[EOS] ? 'end' : visibleToken(token)
}

/** Tokens in a row, so that each can be told apart from its neighbours. */
export function tokensText(tokens: readonly string[]): string {
  return tokens.map(visibleToken).join(' ')
}
