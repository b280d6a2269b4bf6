import { floats, type HostTensor, ints } from '../core/tensors.js'
import type { Tree } from '../core/tree.js'
import type { DataOptions } from '../data/options.js'
import { characters } from '../data/tokenizers/characters.js'
import { subwordTokenizer } from '../data/tokenizers/subwords/encode.js'
import { whitespace } from '../data/tokenizers/whitespace.js'
import { words } from '../data/tokenizers/words.js'
import { UNK, type Vocabulary } from '../data/types.js'
import { fixedSteps, hasFunction, type PlaygroundModel, tooLong } from './model.js'

/** A text as the model reads it. */
export interface ReadSource {
  readonly tokens: readonly string[]
  readonly ids: readonly number[]
  readonly features: readonly string[]
  readonly featureIds: readonly number[]
  /** Tokens and features that the model does not know. */
  readonly unknown: readonly string[]
  /** Tokens at the end that the model is not given. */
  readonly cut: number
}

/** Throws RangeError where the model reads no text. */
export function readSource(model: PlaygroundModel, text: string, featureText = ''): ReadSource {
  const { vocabularies, data } = model
  if (vocabularies.source === undefined) throw new RangeError('The model reads no text')
  const all = tokenizerOf(model)(text)
  const tokens = all.slice(0, data.sourceTokens?.maxLength ?? all.length)
  const features = vocabularies.features === undefined ? [] : featureSymbols(data.features, featureText)
  const ids = tokens.map(idsOf(vocabularies.source))
  const featureIds = vocabularies.features === undefined ? [] : features.map(idsOf(vocabularies.features))
  const unknown = [...tokens.filter((_, at) => ids[at] === UNK), ...features.filter((_, at) => featureIds[at] === UNK)]
  return { tokens, ids, features, featureIds, unknown, cut: all.length - tokens.length }
}

function tokenizerOf({ data, learned }: PlaygroundModel): (text: string) => readonly string[] {
  const options = data.sourceTokens
  if (options === undefined) return (text) => (text.trim() === '' ? [] : [text.trim()])
  const split = splitterOf(options, learned)
  return (text) => {
    if (text.trim() === '') return []
    return split(options.lowercase ? text.toLowerCase() : text)
  }
}

function splitterOf(
  options: NonNullable<DataOptions['sourceTokens']>,
  learned: PlaygroundModel['learned'],
): (text: string) => readonly string[] {
  if (options.type === 'characters') return characters.build(options)
  if (options.type === 'whitespace') return whitespace.build(options)
  if (options.type === 'words') return words.build(options)
  const pieces = subwordTokenizer(learned)
  return (text) => pieces(options.normalise === 'none' ? text : text.normalize(options.normalise))
}

function featureSymbols(options: DataOptions['features'], text: string): string[] {
  const named = text.split(options?.separator ?? ' ').map((symbol) => symbol.trim().normalize('NFC'))
  const given = named.filter((symbol) => symbol !== '')
  return given.length === 1 && given[0] === '_' ? [] : given
}

/** The id of each symbol; specials are symbols of no text. */
function idsOf({ symbols, specials }: Vocabulary): (token: string) => number {
  const ids = new Map(symbols.map((symbol, id) => [symbol, id]))
  if (specials) for (const special of symbols.slice(0, UNK + 1)) ids.delete(special)
  return (token) => ids.get(token) ?? UNK
}

/** A batch of one source, as the exported functions take it: {ids, mask} and what else the model reads. */
export function sourceTensors(model: PlaygroundModel, source: ReadSource): Tree<HostTensor> {
  const before = model.joined ? source.featureIds : []
  const least = fixedSteps(model) ?? 1
  if (fixedSteps(model) !== undefined && source.ids.length > least) throw tooLong(source.ids.length, least)
  const steps = Math.max(least, source.ids.length)
  const places = Math.max(model.sizes.longestFeatures ?? 1, source.featureIds.length)
  const width = model.joined ? places + steps : steps
  return {
    ...padded([...before.map(() => 0), ...source.ids], width, before.length + source.ids.length),
    ...(model.vocabularies.features && {
      features: padded(source.featureIds, model.joined ? width : places, source.featureIds.length),
    }),
    ...characterTensors(model, source, steps),
    ...copyTensors(model, source, steps),
  }
}

function padded(ids: readonly number[], width: number, real: number): Tree<HostTensor> {
  const data = new Int32Array(width)
  data.set(ids)
  return { ids: ints(data, [1, width]), mask: floats(new Float32Array(width).fill(1, 0, real), [1, width]) }
}

/** The characters of each token, {ids, mask} [1,S,C]. */
function characterTensors(model: PlaygroundModel, { tokens }: ReadSource, steps: number): Tree<HostTensor> {
  const { vocabularies, data, sizes } = model
  const known = vocabularies.attributes?.characters
  if (known === undefined) return {}
  const lists = tokens.map((token) => [...token].slice(0, data.characters?.maxLength).map(idsOf(known)))
  const places = Math.max(sizes.longestAttributes?.characters ?? 1, ...lists.map(({ length }) => length))
  const ids = new Int32Array(steps * places)
  const mask = new Float32Array(steps * places)
  for (const [at, list] of lists.entries()) {
    ids.set(list, at * places)
    mask.fill(1, at * places, at * places + list.length)
  }
  const shape = [1, steps, places]
  return { characters: { ids: ints(ids, shape), mask: floats(mask, shape) } }
}

/** Of a head that copies: target ids of the source's symbols; one that the target vocabulary lacks has V and its first place. */
function copyTensors(model: PlaygroundModel, { tokens }: ReadSource, steps: number): Tree<HostTensor> {
  const copies = model.functions.encode?.inputs.some(({ name }) => name === 'copies') ?? false
  if (!copies || !hasFunction(model, 'encode')) return {}
  const symbols = model.vocabularies.target?.symbols ?? []
  const ids = new Map(symbols.flatMap((symbol, id): [string, number][] => (id <= UNK ? [] : [[symbol, id]])))
  const data = new Int32Array(steps)
  data.set(tokens.map((token) => ids.get(token) ?? symbols.length + tokens.indexOf(token)))
  return { copies: ints(data, [1, steps]) }
}

/** The symbol of a target id; one beyond the vocabulary is copied from the source. */
export function symbolOf({ vocabularies }: PlaygroundModel, id: number, source: readonly string[]): string {
  const { symbols = [] } = vocabularies.target ?? vocabularies.source ?? {}
  return symbols[id] ?? source[id - symbols.length] ?? '?'
}
