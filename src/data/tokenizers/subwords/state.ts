import Type, { type Static } from 'typebox'
import { list } from '../../../core/checked-json.js'

const [nfc, nfd, nfkc, nfkd] = [Type.Literal('NFC'), Type.Literal('NFD'), Type.Literal('NFKC'), Type.Literal('NFKD')]
const id = Type.Integer({ minimum: 0 })

/** What cuts text into pieces: plain JSON, learned from training texts or read from a tokenizer's file. */
export const SubwordState = Type.Object({
  algorithm: Type.Union([Type.Literal('bpe'), Type.Literal('unigram')]),
  /** By id. `▁` stands for a space, `<0xE2>` for a byte of UTF-8. */
  pieces: list(Type.String({ minLength: 1 })),
  /** Unigram: log probability of each piece. BPE from sentencepiece: what is merged first has the highest one. */
  scores: Type.Optional(list(Type.Number())),
  /** BPE: ids of the two pieces that each step merges, the first step first. */
  merges: Type.Optional(list(Type.Tuple([id, id]))),
  /** Whether what has no piece is cut into its bytes. */
  byteFallback: Type.Boolean(),
  /** Whether symbols without a piece that are next to each other are one unknown token. */
  fuseUnknown: Type.Boolean(),
  /** Whether pieces are of bytes, each written as a character as in GPT-2 (`Ġthe`). */
  byteLevel: Type.Optional(Type.Boolean()),
  /** What text is made into before it is cut. */
  text: Type.Object({
    /** One after the other; charsmap: sentencepiece's compiled normalisation rules, in base64. */
    steps: Type.Optional(
      list(
        Type.Union([
          Type.Object({ charsmap: Type.String() }),
          Type.Object({ form: Type.Union([nfc, nfd, nfkc, nfkd]) }),
          Type.Object({ lowercase: Type.Literal(true) }),
        ]),
      ),
    ),
    /** `collapsed`: none at the ends, and one at a time; `all collapsed`: any whitespace, as one space. */
    spaces: Type.Union([Type.Literal('kept'), Type.Literal('collapsed'), Type.Literal('all collapsed')]),
    /** Whether a mark that a text itself has is read as a space. */
    keepsMarks: Type.Optional(Type.Boolean()),
    /** Whether a mark is put before the text. */
    prefix: Type.Union([Type.Literal('always'), Type.Literal('unless marked'), Type.Literal('never')]),
    /** Where no piece goes across: before each mark, nowhere, or as in GPT-2's pattern. */
    words: Type.Union([Type.Literal('marks'), Type.Literal('none'), Type.Literal('gpt-2')]),
  }),
})
export type SubwordState = Static<typeof SubwordState>
export type TextRules = SubwordState['text']

/** A score as JSON keeps it, which knows no -0: a state that is read back equals what was written. */
export function plainScore(score: number): number {
  return score === 0 ? 0 : score
}

/** How texts are read by tokenizers that are learned here: nothing of them is lost. */
export const ownTextRules: TextRules = { spaces: 'kept', prefix: 'always', words: 'marks' }
