import type { Static, TObject } from 'typebox'
import { ofKind, type Part } from '../../core/part.js'
import type { SubwordState } from './subwords/state.js'

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
  /**
   * For a tokenizer that is learned: what it learns from the training texts (cased and normalised as its options ask for).
   * Throws SeqlabError 'data' at `place`.
   */
  learn?(options: Static<Options>, texts: Iterable<string>, place: string): SubwordState
  /** For a tokenizer that is read from a file. Throws SeqlabError 'data', with the file. */
  read?(options: Static<Options>, baseDir: string): Promise<SubwordState>
  /** `state`: what was learned or read, for a tokenizer that has `learn` or `read`. */
  build(options: Static<Options>, state?: SubwordState): Tokenizer
}

/** Declares a tokenizer. */
export function defineTokenizer<Options extends TObject>(part: TokenizerPart<Options>): TokenizerPart<Options> {
  return ofKind('tokenizer', part)
}

/** Whether a tokenizer has pieces that are learned or read: `build` then needs them. */
export function isLearned({ learn, read }: TokenizerPart): boolean {
  return learn !== undefined || read !== undefined
}
