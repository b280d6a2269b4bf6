// How tokens become text again: joined by a string, or, where they are pieces of words, by the marks that pieces carry.

/** Stands for a space in pieces of words, as in sentencepiece (U+2581). As a joiner: tokens are such pieces. */
export const wordMark = '▁'

const bytePiece = /^(?:<0x[0-9A-F]{2}>)+$/

/** Whether a piece stands for bytes of UTF-8, each written `<0xE2>`. */
export function isBytePiece(piece: string): boolean {
  return piece.startsWith('<0x') && bytePiece.test(piece)
}

/** `<0xE2>` for 226. */
export function bytePieceOf(byte: number): string {
  return `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`
}

/** Tokens as text. Pieces: their marks are spaces, but for the one that the text begins with; bytes are decoded. */
export function joinTokens(tokens: readonly string[], joiner: string): string {
  if (joiner !== wordMark) return tokens.join(joiner)
  const [first = ''] = tokens
  return textOfPieces(tokens).slice(first.startsWith(wordMark) ? 1 : 0)
}

function textOfPieces(tokens: readonly string[]): string {
  if (!tokens.some(isBytePiece)) return tokens.join('').replaceAll(wordMark, ' ')
  let text = ''
  let bytes: number[] = []
  for (const token of [...tokens, '']) {
    if (isBytePiece(token)) bytes.push(...bytesOf(token))
    else {
      if (bytes.length > 0) text += decodeBytes(bytes)
      bytes = []
      text += token.replaceAll(wordMark, ' ')
    }
  }
  return text
}

function bytesOf(piece: string): number[] {
  return Array.from({ length: piece.length / 6 }, (_, at) => Number.parseInt(piece.slice(6 * at + 3, 6 * at + 5), 16))
}

/** What is no UTF-8 becomes U+FFFD, as the standard for encodings has it. */
function decodeBytes(bytes: readonly number[]): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(bytes))
}
