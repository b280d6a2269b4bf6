import { alignmentOf, type TrueAlignment } from '../alignment.js'
import { dataError } from '../data-error.js'
import type { DataOptions } from '../options.js'
import type { RawExample, RawText } from '../sources/types.js'
import { tokenizers } from '../tokenizers/index.js'
import { normalised } from '../tokenizers/side.js'
import type { SubwordState } from '../tokenizers/subwords/state.js'
import { isLearned, type Tokenizer, type TokenizerPart } from '../tokenizers/types.js'
import { splitAtSpaces } from '../tokenizers/whitespace.js'
import type { LearnedTokens, Sides } from '../types.js'
import { featureSymbols } from './features.js'

/** An example as tokens. */
export interface TokenExample {
  readonly source: readonly string[]
  readonly target: readonly string[]
  readonly features?: readonly string[]
  /** By name: the text of each source token, perhaps of several values. */
  readonly factors?: Readonly<Record<string, readonly string[]>>
  readonly alignment?: TrueAlignment
}

/** Adds to a count by name. */
export type Tally = (name: string, more?: number) => void

export function tallyInto(counts: Record<string, number>): Tally {
  return (name, more = 1) => {
    counts[name] = (counts[name] ?? 0) + more
  }
}

/** What is counted on the way: examples as they are read, and those left out, by reason. */
export interface Counting {
  readonly read: () => void
  readonly dropped: Tally
  readonly doubted?: (doubt: string, where: string) => void
}

/** Raw examples as tokens. Those with an empty side are left out and counted; labels must fit their source's tokens, and a label is one. */
export function tokenise(
  examples: Iterable<RawExample>,
  options: DataOptions,
  sides: Sides,
  { read, dropped, doubted }: Counting,
  learned: LearnedTokens = {},
): TokenExample[] {
  const toSource = textTokens(options.sourceTokens, learned.source)
  const toTarget = targetTokens(options, sides, learned.target)
  const toFeatures = featureSymbols(options.features)
  const shared = sharing()
  const toFactors = factorTexts(options, sharing())
  const hasBesides = options.features !== undefined || options.factors !== undefined
  /** Most examples are two lists alone: to spread three objects without fields takes as long as to split their texts. */
  const withBesides = (tokens: Pick<TokenExample, 'source' | 'target'>, example: RawExample): TokenExample => {
    if (!hasBesides && example.alignment === undefined) return tokens
    const { source, target } = tokens
    const alignment = toAlignment(example, source.length, target.length)
    return { ...tokens, ...toFeatures(example), ...toFactors(example, source), ...alignment }
  }
  const tokenised: TokenExample[] = []
  for (const example of examples) {
    if (example.leftOut !== undefined) {
      dropped(example.leftOut)
      continue
    }
    read()
    if (example.doubt !== undefined) doubted?.(example.doubt, example.where)
    if (sides.target === 'label') refuseSeveral(example)
    const source = shared(toSource(example.source))
    const target = sides.target === 'none' ? source : shared(toTarget(example.target))
    if (source.length === 0) dropped('empty source')
    else if (target.length === 0) dropped('empty target')
    if (sides.target === 'labels' && source.length !== target.length) {
      throw dataError(example.where, 'each source token needs one label', {
        expected: `${source.length} labels for ${quoted(example.source)}`,
        received: `${target.length} in ${quoted(example.target)}`,
      })
    }
    if (source.length === 0 || target.length === 0) continue
    tokenised.push(withBesides({ source, target }, example))
  }
  return tokenised
}

/** A list is no text: several labels joined would be a label that nobody wrote. */
function refuseSeveral({ target, where }: RawExample): void {
  if (typeof target === 'string' || target.length < 2) return
  throw dataError(where, `${target.length} labels for one example; this task has one`, {
    expected: 'a text, or a list of one',
    received: JSON.stringify(target).slice(0, 60),
    hint: 'choose one of them, or write one text where they are one label',
  })
}

/** An example's factors as one text for each of its source's tokens, composed as labels are. Throws SeqlabError 'data' for another number. */
export function factorTexts({ factors }: Pick<DataOptions, 'factors'>, shared = sharing()) {
  const names = Object.keys(factors ?? {})
  return (
    { factors: raw = {}, where }: Pick<RawExample, 'factors' | 'where'>,
    source: readonly string[],
  ): Pick<TokenExample, 'factors'> => {
    if (names.length === 0) return {}
    const entries = names.map((name) => [name, textsOf(raw[name] ?? [], name, source, where)] as const)
    return { factors: Object.fromEntries(entries.map(([name, texts]) => [name, shared(texts)])) }
  }
}

function textsOf(raw: RawText, name: string, source: readonly string[], where: string): readonly string[] {
  const texts = typeof raw === 'string' ? splitAtSpaces(raw) : raw
  if (texts.length === source.length) return texts.map((text) => text.trim().normalize('NFC'))
  throw dataError(where, `each source token needs one ${name} (data.source.factors)`, {
    expected: `${source.length} for ${quoted(source)}`,
    received: `${texts.length} in ${quoted(raw)}`,
  })
}

/** Equal tokens as one string: a corpus has many more tokens than different ones. Whole texts differ anyway. */
function sharing(): (tokens: readonly string[]) => readonly string[] {
  const known = new Map<string, string>()
  const one = (token: string) => {
    const first = known.get(token)
    if (first !== undefined) return first
    known.set(token, token)
    return token
  }
  return (tokens) => (tokens.length < 2 || tokens.every(isOneAnyway) ? tokens : tokens.map(one))
}

/** The engine has one string of each such character. */
function isOneAnyway(token: string): boolean {
  return token.length === 1 && token <= '\u00ff'
}

function toAlignment({ alignment: raw, where }: RawExample, source: number, target: number) {
  const alignment = raw && alignmentOf(raw, source, target, where)
  return alignment === undefined ? {} : { alignment }
}

/** What joins tokens again for people. */
export function joinerOf(tokens: DataOptions['sourceTokens']): string {
  return tokens === undefined ? ' ' : tokenizers.get(tokens.type).joiner
}

/** `icu 78.2, unicode 17.0` where ICU decides what a token is. */
export function segmentationOf({ sourceTokens, targetTokens }: Pick<DataOptions, 'sourceTokens' | 'targetTokens'>): {
  segmentation?: string
} {
  const segmented = [sourceTokens, targetTokens].some((choice) => {
    if (choice === undefined) return false
    const part: TokenizerPart = tokenizers.get(choice.type)
    return part.segments?.(choice) ?? false
  })
  const { icu, unicode } = process.versions
  return segmented ? { segmentation: `icu ${icu}, unicode ${unicode}` } : {}
}

/** Where the tokens of a model were split by other versions than this process has: a sentence for its user. */
export function segmentationWarning(
  options: Pick<DataOptions, 'sourceTokens' | 'targetTokens'>,
  there: string | undefined,
) {
  const { segmentation: here } = segmentationOf(options)
  if (there === undefined || here === undefined || here === there) return undefined
  return `words were split by ${there} when the model was trained and are split by ${here} here: some texts may have other tokens`
}

type Split = (raw: RawText) => readonly string[]

/**
 * A side's text as tokens, as its options ask for; without options a whole text is one token. Before a tokenizer has learned
 * its pieces (`learned`) a text is one token too, cased and normalised: what it learns from.
 */
export function textTokens(options: DataOptions['sourceTokens'], learned?: SubwordState): Split {
  if (options === undefined) return wholeText
  const part: TokenizerPart = tokenizers.get(options.type)
  const { keepsTokens = false } = part
  const tokenize = isLearned(part) && learned === undefined ? wholeOf(options) : part.build(options, learned)
  const cased = (text: string) => (options.lowercase ? text.toLowerCase() : text)
  return (raw) => {
    if (typeof raw === 'string') return tokenize(cased(raw))
    if (keepsTokens && !options.lowercase && options.normalise === 'none') return raw
    if (keepsTokens) return raw.map((token) => normalised(cased(token), options.normalise))
    return tokenize(cased(raw.join(' ')))
  }
}

function wholeOf({ normalise }: NonNullable<DataOptions['sourceTokens']>): Tokenizer {
  return (text) => (text.trim() === '' ? [] : [normalised(text, normalise)])
}

/** Labels are names: canonically equal ones are one label, in the composed form unless another is asked for. */
function targetTokens({ targetTokens: options }: DataOptions, sides: Sides, learned?: SubwordState): Split {
  if (sides.target === 'label') return (raw) => wholeText(raw).map((label) => label.normalize('NFC'))
  const split = textTokens(options, learned)
  if (sides.target !== 'labels' || options?.normalise === 'NFD') return split
  return (raw) => split(raw).map((label) => label.normalize('NFC'))
}

function wholeText(raw: RawText): readonly string[] {
  const trimmed = (typeof raw === 'string' ? raw : raw.join(' ')).trim()
  return trimmed === '' ? [] : [trimmed]
}

function quoted(raw: RawText): string {
  return JSON.stringify(typeof raw === 'string' ? raw : raw.join(' '))
}
