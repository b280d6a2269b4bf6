import Type, { type Static } from 'typebox'
import { list, matches } from '../../../core/checked-json.js'
import { isJsonObject } from '../../../core/json.js'
import { parseStrictObject } from '../../../core/strict-json.js'
import { plainScore, type SubwordState } from './state.js'
import { textRulesOf } from './text-rules.js'

const nullable = <Schema extends Type.TSchema>(schema: Schema) => Type.Optional(Type.Union([schema, Type.Null()]))
const text = Type.String()
const merge = Type.Union([text, Type.Tuple([text, text])])

const bpe = Type.Object({
  vocab: Type.Record(text, Type.Integer({ minimum: 0 })),
  merges: list(merge),
  unk_token: nullable(text),
  byte_fallback: Type.Optional(Type.Boolean()),
  fuse_unk: Type.Optional(Type.Boolean()),
  ignore_merges: Type.Optional(Type.Boolean()),
  continuing_subword_prefix: nullable(text),
  end_of_word_suffix: nullable(text),
})
const unigram = Type.Object({
  vocab: list(Type.Tuple([text, Type.Number()])),
  unk_id: nullable(Type.Integer({ minimum: 0 })),
  byte_fallback: Type.Optional(Type.Boolean()),
})
const added = Type.Optional(list(Type.Object({ content: text, special: Type.Boolean() })))

const damaged = 'is no tokenizer.json, or is damaged'

/** What a tokenizer.json of Hugging Face cuts text by, or why it cannot be used: what completes `the file ...`. */
export function fromTokenizerJson(written: string): SubwordState | string {
  const json = parseStrictObject(written, { depth: 20 })
  if (typeof json === 'string') return `${damaged}: ${json}`
  const { model, added_tokens: tokens = [] } = json
  if (!isJsonObject(model) || !matches(added, tokens)) return damaged
  const rules = textRulesOf(json.normalizer, json.pre_tokenizer)
  if (typeof rules === 'string') return rules
  if (tokens?.some(({ special }) => !special) === true) return 'has added tokens that are no special ones'
  const special = new Set(tokens?.map(({ content }) => content))
  if ((model.type ?? 'BPE') === 'BPE' && matches(bpe, model)) return bpeOf(model, special, rules)
  if (model.type === 'Unigram' && matches(unigram, model))
    return rules.byteLevel ? damaged : unigramOf(model, special, rules)
  if (model.type === 'BPE' || model.type === 'Unigram') return damaged
  return `has a model of the type ${JSON.stringify(model.type)}: there are BPE and Unigram`
}

type Rules = Exclude<ReturnType<typeof textRulesOf>, string>

function bpeOf(
  model: Static<typeof bpe>,
  special: ReadonlySet<string>,
  { byteLevel, ...rules }: Rules,
): SubwordState | string {
  const marks = [model.continuing_subword_prefix, model.end_of_word_suffix]
  if (marks.some((mark) => typeof mark === 'string' && mark !== '')) return 'marks pieces within words or their ends'
  if (model.ignore_merges === true) return 'takes whole words without merging them (ignore_merges)'
  const ordered = Object.entries(model.vocab).sort(([, a], [, b]) => a - b)
  const pieces = ordered.map(([piece]) => piece).filter((piece) => !special.has(piece) && piece !== model.unk_token)
  const idOf = new Map(pieces.map((piece, id) => [piece, id]))
  const merges: [number, number][] = []
  for (const [at, each] of model.merges.entries()) {
    const [left, right] = typeof each === 'string' ? each.split(' ') : each
    const ids = [left, right, `${left}${right}`].map((piece) => idOf.get(piece ?? ''))
    if (ids.some((id) => id === undefined)) return `is damaged: merge ${at + 1} is of pieces that it does not have`
    merges.push([ids[0] ?? 0, ids[1] ?? 0])
  }
  return {
    algorithm: 'bpe',
    pieces,
    merges,
    byteFallback: model.byte_fallback === true,
    fuseUnknown: model.fuse_unk === true,
    ...(byteLevel && { byteLevel }),
    text: rules.text,
  }
}

function unigramOf(model: Static<typeof unigram>, special: ReadonlySet<string>, { text: rules }: Rules): SubwordState {
  const kept = model.vocab.filter(([piece], id) => piece !== '' && id !== model.unk_id && !special.has(piece))
  return {
    algorithm: 'unigram',
    pieces: kept.map(([piece]) => piece),
    scores: kept.map(([, score]) => plainScore(score)),
    byteFallback: model.byte_fallback === true,
    fuseUnknown: true,
    text: rules,
  }
}
