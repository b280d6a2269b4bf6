import { bytePieceOf, wordMark } from '../../../core/pieces.js'
import { writtenMarks } from './words.js'

/** Bytes that GPT-2 writes as the character of that number; the others are written as characters from 256 on, in order. */
const isPlain = (byte: number) => (byte > 32 && byte < 127) || (byte > 160 && byte !== 173)

const characters: readonly string[] = (() => {
  let next = 256
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(isPlain(byte) ? byte : next++))
})()
const bytesByCharacter: ReadonlyMap<string, number> = new Map(characters.map((character, byte) => [character, byte]))

/** A word's bytes, each as the character that GPT-2 writes it as. */
export function byteSymbols(word: string): readonly string[] {
  const bytes = new TextEncoder().encode(word.replaceAll(wordMark, ' ').replace(writtenMarks, wordMark))
  return Array.from(bytes, (byte) => characters[byte] ?? '')
}

/** A piece as GPT-2 writes it (`Ġthe`) as it is written here: `▁the`, or bytes where it is no whole text. */
export function readBytePiece(piece: string): string {
  const bytes = Array.from(piece, (character) => bytesByCharacter.get(character) ?? 63)
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(bytes))
    if (!text.includes(wordMark)) return text.replaceAll(' ', wordMark)
  } catch {
    // A part of a character.
  }
  return bytes.map(bytePieceOf).join('')
}
