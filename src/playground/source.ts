import { floats, type HostTensor, ints } from '../core/tensors.js'
import type { Tree } from '../core/tree.js'
import { featureSymbols } from '../data/encoding/features.js'
import { encoder } from '../data/encoding/vocabulary.js'
import type { DataOptions } from '../data/options.js'
import { characters } from '../data/tokenizers/characters.js'
import { subwordTokenizer } from '../data/tokenizers/subwords/encode.js'
import { whitespace } from '../data/tokenizers/whitespace.js'
import { words } from '../data/tokenizers/words.js'
import { PAD, UNK } from '../data/types.js'
import { type PlaygroundModel, stepsFor } from './model.js'

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
  const known = vocabularies.features
  const { features = [] } = known === undefined ? {} : featureSymbols(data.features)({ features: featureText })
  const ids = tokens.map(encoder(vocabularies.source, notCounted))
  const featureIds = known === undefined ? [] : features.map(encoder(known, notCounted))
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
  return subwordTokenizer(learned, options.normalise)
}

/** Unknown symbols are listed, not counted. */
const notCounted = () => {}

/** A batch of one source, as the exported functions take it: {ids, mask} and what else the model reads. */
export function sourceTensors(model: PlaygroundModel, source: ReadSource): Tree<HostTensor> {
  const before = model.joined ? source.featureIds : []
  const steps = stepsFor(model, source.ids.length)
  const places = Math.max(model.sizes.longestFeatures ?? 1, source.featureIds.length)
  const width = model.joined ? places + steps : steps
  return {
    ...padded([...before.map(() => PAD), ...source.ids], width),
    ...(model.vocabularies.features && {
      features: padded(source.featureIds, model.joined ? width : places),
    }),
    ...characterTensors(model, source, steps),
    ...copyTensors(model, source, steps),
  }
}

/** {ids, mask} [1,width]. */
export function padded(real: readonly number[], width: number): Readonly<Record<'ids' | 'mask', HostTensor>> {
  const ids = new Int32Array(width)
  ids.set(real)
  return { ids: ints(ids, [1, width]), mask: floats(new Float32Array(width).fill(1, 0, real.length), [1, width]) }
}

/** The characters of each token, {ids, mask} [1,S,C]. */
function characterTensors(model: PlaygroundModel, { tokens }: ReadSource, steps: number): Tree<HostTensor> {
  const { vocabularies, data, sizes } = model
  const known = vocabularies.attributes?.characters
  if (known === undefined) return {}
  const idOf = encoder(known, notCounted)
  const lists = tokens.map((token) => [...token].slice(0, data.characters?.maxLength).map(idOf))
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
  if (model.functions.encode?.inputs.some(({ name }) => name === 'copies') !== true) return {}
  const { symbols = [] } = model.vocabularies.target ?? {}
  const idOf = encoder({ symbols, specials: true }, notCounted)
  const copied = (token: string) => {
    const id = idOf(token)
    return id === UNK ? symbols.length + tokens.indexOf(token) : id
  }
  const data = new Int32Array(steps)
  data.set(tokens.map(copied))
  return { copies: ints(data, [1, steps]) }
}

/** The symbol of a target id; one beyond the vocabulary is copied from the source. */
export function symbolOf({ vocabularies }: PlaygroundModel, id: number, source: readonly string[]): string {
  const { symbols = [] } = vocabularies.target ?? vocabularies.source ?? {}
  return symbols[id] ?? source[id - symbols.length] ?? '?'
}
