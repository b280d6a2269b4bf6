import { joinTokens } from '../core/pieces.js'
import type { DataOptions } from '../data/options.js'
import { plainBeam } from '../decode/beam.js'
import type { DecodeOptions } from '../decode/index.js'
import { attendedSymbols } from '../model/attends.js'
import type { Member } from './member.js'
import { modelOf } from './open-model.js'
import type { ModelOutput } from './outputs.js'
import { type PairScore, readPair, scorePairs } from './score/score-model.js'
import type { Source, SourceWithMore } from './sources.js'

/** What a model makes of one source, for a person. */
export interface Answer {
  readonly output: ModelOutput
  /** The most probable outputs or labels, best first. */
  readonly best: readonly { readonly text: string; readonly score: number }[]
  /** What the columns of the output's alignment are. */
  readonly attended: readonly string[]
  /** Of a language model: how probable each symbol of the text is, after those before it. */
  readonly text?: PairScore
}

/**
 * The output for a source with its `count` best and, where the model attends, its alignment. Gives a sentence where the model
 * cannot read the source.
 */
export async function answerTo(opened: Member, typed: string, count: number): Promise<Answer | string> {
  const model = modelOf([opened])
  const source = sourceIn(typed, opened.parts.spec.data)
  const refused = model.refuses(source)
  if (refused !== undefined) return refused
  const { task, spec, description } = opened.parts
  const isChain = opened.parts.model.predictor.chains !== undefined
  const searched = task.decodes ? { decode: withBest(spec.decode, count) } : isChain ? { nBest: count } : {}
  const isLabel = task.sides.target === 'label'
  const [output] = await model.predict([source], { ...searched, alignments: true, probabilities: isLabel })
  if (output === undefined) throw new RangeError('There is no output for a source')
  const answer = { output, attended: attendedSymbols(output, spec.model.features) }
  if (task.sides.target === 'none') return { ...answer, best: [], text: await textScore(opened, typed) }
  if (isLabel) return { ...answer, best: bestLabels(output, count) }
  const best = (output.candidates ?? []).map(({ tokens, score }) => {
    return { text: joinTokens(tokens, description.joiners.target), score }
  })
  return { ...answer, best }
}

/** Factors follow the source after tabs, and after its features where it has some. */
function sourceIn(typed: string, { features, factors }: DataOptions): Source {
  if (factors === undefined) return features === undefined ? typed : withFeatures(typed)
  const [source = '', ...rest] = typed.split('\t')
  const known = features === undefined ? {} : { features: rest.shift() ?? '' }
  const names = Object.keys(factors).filter((_, at) => rest[at] !== undefined)
  return { source, ...known, factors: Object.fromEntries(names.map((name, at) => [name, rest[at] ?? ''])) }
}

/** Features are what follows the last tab, or the last space where there is no tab. */
function withFeatures(typed: string): SourceWithMore {
  const at = typed.includes('\t') ? typed.lastIndexOf('\t') : typed.lastIndexOf(' ')
  return at < 0 ? { source: typed, features: '' } : { source: typed.slice(0, at), features: typed.slice(at + 1) }
}

/** The run's own search with more outputs; one that draws gives one. */
function withBest(decode: DecodeOptions, count: number): DecodeOptions {
  if (decode.type === 'sample') return decode
  const own = decode.type === 'beam' ? decode : plainBeam(count)
  return { ...own, width: Math.max(own.width, count), nBest: count }
}

async function textScore(opened: Member, source: string): Promise<PairScore> {
  const pair = readPair(opened.parts, { source, target: '', where: 'the text' })
  const [scored] = await scorePairs(opened, [pair], { alignments: false })
  if (scored === undefined) throw new RangeError('There is no score of a text')
  return scored
}

function bestLabels({ probabilities: [labels = {}] = [] }: ModelOutput, count: number): Answer['best'] {
  const all = Object.entries(labels).map(([text, probability]) => ({ text, score: Math.log(probability) }))
  return all.sort((a, b) => b.score - a.score).slice(0, count)
}
