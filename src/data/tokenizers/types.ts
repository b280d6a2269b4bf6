import type { Static, TObject } from 'typebox'
import { ofKind, type Part } from '../../core/part.js'

/** A tokenizer with its options bound: text -> tokens. */
export type Tokenizer = (text: string) => readonly string[]

/** What a tokenizer's file exports. */
export interface TokenizerPart<Options extends TObject = TObject> extends Part<Options> {
  /** What joins tokens again for people. */
  readonly joiner: string
  /** Whether tokens that a source itself keeps apart are taken as they are; else their text is split again. */
  readonly keepsTokens?: boolean
  /** Whether ICU decides where tokens end: its version is then part of the data's digest. */
  segments?(options: Static<Options>): boolean
  build(options: Static<Options>): Tokenizer
}

/** Declares a tokenizer. */
export function defineTokenizer<Options extends TObject>(part: TokenizerPart<Options>): TokenizerPart<Options> {
  return ofKind('tokenizer', part)
}
