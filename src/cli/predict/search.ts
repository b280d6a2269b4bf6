import { SeqlabError } from '../../core/errors.js'
import { inRow } from '../../core/suggest.js'
import { plainBeam } from '../../decode/beam.js'
import type { DecodeOptions } from '../../decode/index.js'
import type { SearchOptions, TrainedModel } from '../../inference/open-model.js'
import { searchOfHead } from '../../model/heads/index.js'
import type { Spec } from '../../spec/types.js'
import { tasks } from '../../task/index.js'
import { outputLimit } from '../../task/sizes.js'
import type { PredictFlags } from './flags.js'

type Beam = Extract<DecodeOptions, { type: 'beam' }>
type Sample = Extract<DecodeOptions, { type: 'sample' }>

const ofBeams = ['beam', 'nbest', 'length-normalisation', 'coverage-penalty'] as const
const ofSampling = ['temperature', 'top-k', 'top-p'] as const

/**
 * The search that the options ask for; by default the run's own, or where a language model writes sampling. Throws SeqlabError
 * 'spec' for options that the task has no use for or that contradict each other.
 */
export function searchOf(model: TrainedModel, flags: PredictFlags): SearchOptions {
  const { spec, description } = model
  const given = givenOf(flags)
  const writes = flags.prompt !== undefined
  if (!writes && !tasks.get(spec.task.type).decodes) return withoutSearch(spec, given, flags)
  const beams = ofBeams.filter((flag) => given.includes(flag))
  const sampling = ofSampling.filter((flag) => given.includes(flag))
  if (flags.sample && beams.length > 0) {
    const names = ofBeams.map((flag) => `--${flag}`)
    throw new SeqlabError('spec', `--sample draws one output: ${inRow(names, 'and')} do not go with it`)
  }
  if (writes && flags.nbest !== undefined)
    throw new SeqlabError('spec', '--nbest does not go with --prompt', { hint: 'Use --lines.' })
  const own: DecodeOptions = writes ? { type: 'sample', temperature: 1 } : spec.decode
  const draws = flags.sample || (own.type === 'sample' && beams.length === 0)
  if (!draws && sampling.length > 0) throw new SeqlabError('spec', `--${sampling[0]} goes with --sample`)
  const { maxLength = outputLimit(description.sizes), minLength = 0, seed } = flags
  if (minLength > maxLength)
    throw new SeqlabError('spec', `--min-length ${minLength}: an output has at most ${maxLength} symbols`, {
      hint: `Use --max-length ${minLength} or more too.`,
    })
  const decode = draws ? sampleOf(own, flags) : beamOf(own, beams.length > 0, flags)
  return { decode, maxLength, ...(seed === undefined ? {} : { seed }) }
}

/** Names of the options of searches that were given. */
function givenOf(flags: PredictFlags): string[] {
  const named = {
    beam: flags.beam,
    nbest: flags.nbest,
    'length-normalisation': flags.lengthNormalisation,
    'coverage-penalty': flags.coveragePenalty,
    temperature: flags.temperature,
    'top-k': flags.topK,
    'top-p': flags.topP,
    'min-length': flags.minLength,
    'max-length': flags.maxLength,
  }
  const given = Object.entries(named).flatMap(([name, value]) => (value === undefined ? [] : [name]))
  return flags.sample ? [...given, 'sample'] : given
}

/** Heads that find the best labels exactly give as many of them as are asked for. */
function withoutSearch({ task, model }: Spec, given: readonly string[], { nbest }: PredictFlags): SearchOptions {
  const exact = searchOfHead(model.head)
  const refused = given.find((flag) => exact === undefined || flag !== 'nbest')
  if (refused === undefined) return nbest === undefined ? {} : { nBest: nbest }
  if (exact === undefined) throw noSearch(task.type, refused)
  throw new SeqlabError('spec', `--${refused}: ${exact}`, { hint: '--nbest gives the best of them.' })
}

function noSearch(task: string, flag: string): SeqlabError {
  const hint = task === 'language-model' ? { hint: 'With --prompt it writes text.' } : {}
  return new SeqlabError('spec', `--${flag}: the task ${task} does not search for its outputs`, hint)
}

function sampleOf(own: DecodeOptions, { temperature, topK, topP, minLength }: PredictFlags): Sample {
  const before: Sample = own.type === 'sample' ? own : { type: 'sample', temperature: 1 }
  return {
    ...before,
    ...(temperature === undefined ? {} : { temperature }),
    ...(topK === undefined ? {} : { topK }),
    ...(topP === undefined ? {} : { topP }),
    ...(minLength === undefined ? {} : { minLength }),
  }
}

function beamOf(own: DecodeOptions, asked: boolean, flags: PredictFlags): DecodeOptions {
  const { beam, nbest, lengthNormalisation, coveragePenalty, minLength } = flags
  if (!asked && minLength === undefined) return own
  // The end may be barred in a beam of one as well: that is greedy search.
  const before: Beam = own.type === 'beam' ? own : plainBeam(asked ? 5 : 1)
  const width = beam ?? Math.max(before.width, nbest ?? 1)
  const nBest = nbest ?? Math.min(before.nBest, width)
  if (nBest > width)
    throw new SeqlabError('spec', `a beam of ${width} has no ${nBest} best`, { hint: `Use --beam ${nBest}.` })
  return {
    ...before,
    ...{ width, nBest },
    ...(lengthNormalisation === undefined ? {} : { lengthNormalisation }),
    ...(coveragePenalty === undefined ? {} : { coveragePenalty }),
    ...(minLength === undefined ? {} : { minLength }),
  }
}
