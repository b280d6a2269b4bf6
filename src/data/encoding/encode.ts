import { tagFacts } from '../../core/tags.js'
import { cutAlignment } from '../alignment.js'
import type { DataOptions } from '../options.js'
import type { RawExamples } from '../sources/types.js'
import {
  type Column,
  type DataCounts,
  type Dataset,
  type Encoded,
  type LearnedTokens,
  type SetName,
  type Sides,
  type Split,
  UNK,
  type Vocabulary,
} from '../types.js'
import { type AttributeVocabularies, attributeColumns, attributeVocabularies } from './attributes.js'
import { offsetsOf, packIds } from './columns.js'
import { learnsPieces } from './learn.js'
import { mergedIn } from './merged.js'
import { charactersInOtherForm } from './other-forms.js'
import { type HeldOutExample, type Sets, seenSources, setsOf } from './sets.js'
import { joinerOf, segmentationOf, type Tally, type TokenExample, tallyInto } from './tokenise.js'
import { buildVocabulary, canonicalForms, encoder, pieceVocabulary, withBytes } from './vocabulary.js'

/** Raw examples -> tokens -> splits -> vocabularies -> ids. `read`: tokenizers of files. */
export function encodeExamples(
  raw: RawExamples,
  options: DataOptions,
  sides: Sides,
  read: LearnedTokens = {},
): Encoded {
  const notes = { dropped: {}, cut: {}, unknownTokens: {} }
  const otherForm: Record<string, number> = {}
  const sets = setsOf(raw, options, sides, tallyInto(notes.dropped), read)
  const vocabularies = vocabulariesOf(sets, options, sides)
  const encode = encodersOf(vocabularies, options, tallyInto(notes.unknownTokens), tallyInto(otherForm))
  const cut = cutters(options, sides, tallyInto(notes.cut))
  const joiners = joinersOf(options, sides)
  const parts = {
    sourceVocabulary: vocabularies.source,
    ...(sides.target === 'none' ? {} : { targetVocabulary: vocabularies.target }),
    ...(vocabularies.features && { featureVocabulary: vocabularies.features }),
    ...(vocabularies.attributes && { attributeVocabularies: vocabularies.attributes }),
    ...factorsOf(options),
    joiners,
    ...(sets.learned && { learned: sets.learned }),
    ...segmentationOf(options),
    train: trainingSplit(sets.train, encode('train'), sides),
    dev: heldOutSplit(sets.dev, encode('dev'), cut('dev'), sides),
    test: heldOutSplit(sets.test, encode('test'), cut('test'), sides),
  }
  const kept = { train: parts.train.size, dev: parts.dev.size, test: parts.test.size }
  const seenInTraining = seenSources(sets, joiners.source)
  const tags = sides.target === 'labels' ? { tags: tagFacts(sets.train.map(({ target }) => target)) } : {}
  const byText = characterForms(parts, vocabularies, notes.unknownTokens)
  for (const [name, number] of byText) otherForm[name] = Math.max(number, otherForm[name] ?? 0)
  const forms = Object.keys(otherForm).length === 0 ? {} : { otherForm }
  const doubts = sets.doubted && { doubted: sets.doubted }
  const merged = mergedIn({ dev: sets.dev, test: sets.test }, sides)
  const kinds = raw.otherKind && { otherKind: raw.otherKind }
  return {
    ...parts,
    counts: { read: sets.read, kept, ...notes, seenInTraining, ...merged, ...forms, ...doubts, ...kinds, ...tags },
  }
}

/** Test examples by the vocabularies of a model that was trained; what it cuts and does not know is counted in `notes`. */
export function encodeTest(
  examples: readonly HeldOutExample[],
  vocabularies: Vocabularies,
  options: DataOptions,
  sides: Sides,
  notes: Pick<DataCounts, 'cut' | 'unknownTokens'>,
): Split {
  const encode = encodersOf(vocabularies, options, tallyInto(notes.unknownTokens), () => {})
  return heldOutSplit(examples, encode('test'), cutters(options, sides, tallyInto(notes.cut))('test'), sides)
}

export interface Vocabularies {
  readonly source: Vocabulary
  readonly target: Vocabulary
  readonly features?: Vocabulary | undefined
  readonly attributes?: AttributeVocabularies | undefined
}

function vocabulariesOf(
  { train, learned = {} }: Pick<Sets, 'train' | 'learned'>,
  options: DataOptions,
  sides: Sides,
): Vocabularies {
  const of = (side: 'source' | 'target', specials: boolean) => {
    const choice = options[`${side}Tokens`]
    const { minFrequency = 1, maxSize } = choice ?? {}
    const pieces = learned[side]
    if (pieces !== undefined && choice !== undefined && learnsPieces(choice)) return pieceVocabulary(pieces)
    const rows = train.map((example) => example[side])
    const vocabulary = buildVocabulary(rows, { specials, minFrequency, maxSize })
    return pieces === undefined ? vocabulary : withBytes(vocabulary, pieces)
  }
  const source = of('source', true)
  const target = sides.target === 'none' ? source : of('target', sides.target === 'tokens')
  return { source, target, ...featureVocabulary(train, options), ...vocabulariesOfAttributes(train, options) }
}

/** How factors are read: part of what the data are. */
function factorsOf({ factors }: DataOptions): Pick<Dataset, 'factors'> {
  const read = Object.entries(factors ?? {}).map(([name, { separator }]) => {
    return [name, separator === undefined ? {} : { separator }] as const
  })
  return read.length === 0 ? {} : { factors: Object.fromEntries(read) }
}

function featureVocabulary(train: Sets['train'], { features: options }: DataOptions) {
  if (options === undefined) return {}
  const rows = train.map(({ features = [] }) => features)
  return { features: buildVocabulary(rows, { specials: true, minFrequency: options.minFrequency }) }
}

function vocabulariesOfAttributes(train: Sets['train'], options: DataOptions) {
  const attributes = attributeVocabularies(train, options)
  return Object.keys(attributes).length === 0 ? {} : { attributes }
}

type Encode = Readonly<Record<'source' | 'target', (token: string) => number>> & {
  readonly features?: (symbol: string) => number
  /** What the tokens of these rows have besides. */
  readonly attributes: (rows: readonly Pick<TokenExample, 'source' | 'factors'>[]) => Pick<Split, 'attributes'>
}

function encodersOf(
  vocabularies: Vocabularies,
  options: DataOptions,
  unknown: Tally,
  otherForm: Tally,
): (set: SetName) => Encode {
  const known = { source: canonicalForms(vocabularies.source), target: canonicalForms(vocabularies.target) }
  return (set) => {
    const encode = (side: 'source' | 'target') =>
      encoder(vocabularies[side], (token) => {
        unknown(`${set} ${side}`)
        if (known[side].has(token.normalize('NFC'))) otherForm(`${set} ${side}`)
      })
    const { features } = vocabularies
    const ofFeatures = features && { features: encoder(features, () => unknown(`${set} features`)) }
    const ofAttributes = Object.entries(vocabularies.attributes ?? {}).map(
      ([name, vocabulary]) => [name, encoder(vocabulary, () => unknown(`${set} ${name}`))] as const,
    )
    const attributes: Encode['attributes'] = (rows) => attributeColumns(rows, options, Object.fromEntries(ofAttributes))
    return { source: encode('source'), target: encode('target'), ...ofFeatures, attributes }
  }
}

/** Of held-out sets with unknown characters: how many of them are in training in another Unicode form. */
function characterForms(
  { dev, test, joiners }: Pick<Encoded, 'dev' | 'test' | 'joiners'>,
  vocabularies: Vocabularies,
  unknown: Readonly<Record<string, number>>,
): readonly (readonly [string, number])[] {
  return Object.entries({ dev, test }).flatMap(([set, { sourceTexts = [], references }]) => {
    const rows = { source: sourceTexts, target: references?.texts ?? [] }
    return (['source', 'target'] as const).flatMap((side) => {
      const name = `${set} ${side}`
      const most = joiners[side] === '' ? (unknown[name] ?? 0) : 0
      const number = most === 0 ? 0 : Math.min(most, charactersInOtherForm(rows[side], vocabularies[side]))
      return number === 0 ? [] : [[name, number] as const]
    })
  })
}

type Cut = Readonly<Record<'source' | 'target', (row: readonly string[]) => readonly string[]>>

/** Cuts held-out rows to what the model may see; labels are cut with their source. */
function cutters(options: DataOptions, sides: Sides, tally: Tally): (set: SetName) => Cut {
  const to = (most: number | undefined, note: (most: number) => void) => (row: readonly string[]) => {
    if (most === undefined || row.length <= most) return row
    note(most)
    return row.slice(0, most)
  }
  const source = options.sourceTokens?.maxLength
  return (set) => ({
    source: to(source, (most) => tally(`${set} source longer than ${most}`)),
    target:
      sides.target === 'labels'
        ? to(source, () => {})
        : to(options.targetTokens?.maxLength, (most) => tally(`${set} target longer than ${most}`)),
  })
}

function trainingSplit(examples: readonly TokenExample[], encode: Encode, sides: Sides): Split {
  const rows = { source: examples.map((example) => example.source), target: examples.map((example) => example.target) }
  const source = packIds(rows.source, encode.source)
  const target = sides.target === 'none' ? source : packIds(rows.target, encode.target)
  const features = featureColumn(examples, encode)
  const attributes = encode.attributes(examples)
  const unknown = unknownTokens(rows, { source, target }, sides)
  return { size: examples.length, source, target, ...features, ...attributes, ...unknown }
}

/** The features of examples that may have some. */
function featureColumn(examples: readonly Pick<TokenExample, 'features'>[], { features }: Encode) {
  if (features === undefined) return {}
  const rows = examples.map((example) => example.features ?? [])
  return { features: packIds(rows, features) }
}

/** Where both sides are tokens: those that became unk. */
function unknownTokens(
  rows: Readonly<Record<'source' | 'target', readonly (readonly string[])[]>>,
  columns: Readonly<Record<'source' | 'target', Column>>,
  sides: Sides,
): Pick<Split, 'unknown'> {
  if (sides.source !== 'tokens' || sides.target !== 'tokens') return {}
  const of = (side: 'source' | 'target') => {
    const { data, offsets } = columns[side]
    const found = new Map<number, string>()
    for (let place = data.indexOf(UNK), row = 0; place >= 0; place = data.indexOf(UNK, place + 1)) {
      while ((offsets[row + 1] ?? Number.POSITIVE_INFINITY) <= place) row += 1
      found.set(place, rows[side][row]?.[place - (offsets[row] ?? 0)] ?? '')
    }
    return found
  }
  return { unknown: { source: of('source'), target: of('target') } }
}

function heldOutSplit(examples: readonly HeldOutExample[], encode: Encode, cut: Cut, sides: Sides): Split {
  const sources = examples.map((example) => cut.source(example.source))
  const source = packIds(sources, encode.source)
  const firsts = sides.target === 'none' ? [] : examples.map((example) => cut.target(example.targets[0] ?? []))
  const target = sides.target === 'none' ? source : packIds(firsts, encode.target)
  return {
    size: examples.length,
    source,
    target,
    ...featureColumn(examples, encode),
    ...encode.attributes(examples.map((example, at) => ({ ...example, source: sources[at] ?? [] }))),
    ...unknownTokens({ source: sources, target: firsts }, { source, target }, sides),
    references: {
      texts: examples.flatMap((example) => example.targets),
      offsets: offsetsOf(examples.map((example) => example.targets.length)),
    },
    sourceTexts: examples.map((example) => example.source),
    ...alignmentsOf(examples, { sources, targets: firsts }),
    ...(encode.features && { featureTexts: examples.map(({ features = [] }) => features) }),
  }
}

/** Where an example has one: of what is left of the first reference. */
function alignmentsOf(
  examples: readonly HeldOutExample[],
  cut: Readonly<Record<'sources' | 'targets', readonly (readonly string[])[]>>,
): Pick<Split, 'alignments'> {
  if (examples.every(({ alignment }) => alignment === undefined)) return {}
  const lengthOf = (side: 'sources' | 'targets', row: number) => cut[side][row]?.length ?? 0
  return {
    alignments: examples.map(
      ({ alignment }, row) => alignment && cutAlignment(alignment, lengthOf('sources', row), lengthOf('targets', row)),
    ),
  }
}

function joinersOf(options: DataOptions, sides: Sides): Dataset['joiners'] {
  const source = joinerOf(options.sourceTokens)
  return { source, target: sides.target === 'none' ? source : joinerOf(options.targetTokens) }
}
