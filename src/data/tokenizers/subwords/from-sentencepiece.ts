import { isBytePiece, wordMark } from '../../../core/pieces.js'
import { type Field, fieldsOf, numberIn } from '../../../core/protobuf.js'
import { encodeCharsmap } from './charsmap.js'
import { plainScore, type SubwordState } from './state.js'

// Numbers of fields and of enumerations in sentencepiece_model.proto.
const model = { pieces: 1, trainer: 2, normalizer: 3 } as const
const piece = { text: 1, score: 2, type: 3 } as const
const types = { normal: 1, unknown: 2, control: 3, byte: 6 } as const
const trainer = { modelType: 3, suffix: 24, byteFallback: 35 } as const
const normalizer = { charsmap: 2, prefix: 3, collapse: 4, escape: 5 } as const

/** What a sentencepiece model cuts text by, or why it cannot be used: what completes `the file ...`. */
export function fromSentencepiece(bytes: Uint8Array): SubwordState | string {
  const fields = fieldsOf(bytes)
  if (fields === undefined || fields.length === 0) return 'is no sentencepiece model, or is damaged'
  const [training, normalising] = [messageIn(fields, model.trainer), messageIn(fields, model.normalizer)]
  const pieces = fields.flatMap(({ number, value }) => (number === model.pieces ? [pieceOf(value)] : []))
  if (training === undefined || normalising === undefined || pieces.some((each) => each === undefined))
    return 'is no sentencepiece model, or is damaged'
  const algorithm = ({ 1: 'unigram', 2: 'bpe' } as const)[numberIn(training, trainer.modelType, 1)]
  if (algorithm === undefined) return 'is a sentencepiece model of words or characters: use whitespace or characters'
  if (numberIn(training, trainer.suffix, 0) === 1) return 'marks the ends of words, not their beginnings'
  if (numberIn(normalising, normalizer.escape, 1) === 0) return 'leaves spaces as they are, without a mark'
  const all = pieces.filter((each) => each !== undefined)
  const used = all.filter(({ type }) => type === types.normal || type === types.byte)
  const known: readonly number[] = Object.values(types)
  if (all.some(({ type }) => !known.includes(type)))
    return 'has pieces of its user, or unused ones, which are not supported'
  const rules = textRules(normalising, used)
  if (rules === undefined) return 'has damaged normalisation rules'
  const byteFallback = numberIn(training, trainer.byteFallback, 0) === 1
  return {
    algorithm,
    pieces: used.map(({ text }) => text),
    scores: used.map(({ score }) => score),
    ...{ byteFallback, fuseUnknown: true, text: rules },
  }
}

interface Piece {
  readonly text: string
  readonly score: number
  readonly type: number
}

function pieceOf(value: Field['value']): Piece | undefined {
  const fields = typeof value === 'number' ? undefined : fieldsOf(value)
  const text = fields?.find(({ number }) => number === piece.text)?.value
  if (fields === undefined || !(text instanceof Uint8Array) || text.length === 0) return undefined
  const score = numberIn(fields, piece.score, 0)
  if (!Number.isFinite(score)) return undefined
  return {
    text: new TextDecoder().decode(text),
    score: plainScore(score),
    type: numberIn(fields, piece.type, types.normal),
  }
}

function textRules(fields: readonly Field[], pieces: readonly Piece[]): SubwordState['text'] | undefined {
  const rules = fields.find(({ number }) => number === normalizer.charsmap)?.value ?? new Uint8Array()
  const charsmap = typeof rules === 'number' ? undefined : rules.length === 0 ? '' : encodeCharsmap(rules)
  if (charsmap === undefined) return undefined
  const goesAcross = pieces.some(({ text }) => text.includes(wordMark, 1) && !isBytePiece(text))
  return {
    ...(charsmap !== '' && { steps: [{ charsmap }] }),
    spaces: numberIn(fields, normalizer.collapse, 1) === 1 ? 'collapsed' : 'kept',
    keepsMarks: true,
    prefix: numberIn(fields, normalizer.prefix, 1) === 1 ? 'always' : 'never',
    words: goesAcross ? 'none' : 'marks',
  }
}

function messageIn(fields: readonly Field[], wanted: number): readonly Field[] | undefined {
  const value = fields.find(({ number }) => number === wanted)?.value
  return value instanceof Uint8Array ? fieldsOf(value) : undefined
}
