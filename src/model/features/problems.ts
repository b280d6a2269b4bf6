import type { Problem } from '../../core/errors.js'
import { type Axis, units } from '../axes.js'
import { isRecurrent } from '../cells/index.js'
import { formers } from '../context/index.js'
import { buildEncoder } from '../encoder/index.js'
import { encoderProblems } from '../encoder/problems.js'
import type { FeaturesOptions, ModelOptions } from '../options.js'
import { representationProblems } from '../representation/index.js'
import { scorers } from '../scorers/index.js'
import type { ScorerPart } from '../scorers/types.js'
import { besideByOptions, type FeaturesBeside, isUnknownSize } from './read.js'

const path = 'model.features'

/** What is wrong with the section `features` and with it among the others. Pure; needs no data. */
export function featureProblems(model: ModelOptions): Problem[] {
  const { features } = model
  if (features === undefined) return []
  const { representation, encoder, join } = features
  return [
    ...representationProblems(representation, `${path}.representation`, { kind: 'ids', stepByStep: false }),
    ...vectorProblems(representation),
    ...(encoder === undefined ? [] : ownEncoderProblems(encoder)),
    ...(join.type === 'source' ? sourceProblems(model, features) : []),
    ...(join.type === 'context' ? summaryProblems(join.summary.from, features) : []),
    ...(join.type === 'attention' ? placeProblems(join.scorer, `${path}.join.scorer`) : []),
  ]
}

/** Word-vector files are of words. */
function vectorProblems(choice: FeaturesOptions['representation']): Problem[] {
  if (choice.type !== 'embedding' || choice.start !== 'vectors') return []
  const message = 'data.vectors has files for source and target alone'
  return [{ path: `${path}.representation.start`, message, expected: 'random', received: 'vectors' }]
}

function ownEncoderProblems(encoder: NonNullable<FeaturesOptions['encoder']>): Problem[] {
  const problems = encoderProblems(encoder, `${path}.encoder`)
  if (encoder.unroll.type === 'shared') return problems
  const message = 'copies of weights at each time step are for the encoder of the source'
  return [...problems, { path: `${path}.encoder.unroll`, message, expected: 'shared', received: encoder.unroll.type }]
}

/** Features that are positions of the source are read as it is. */
function sourceProblems({ source, encoder, context }: ModelOptions, features: FeaturesOptions): Problem[] {
  const problems: Problem[] = []
  if (features.encoder !== undefined) {
    const message = "features that join the source's symbols are read by the source's encoder"
    problems.push({ path: `${path}.encoder`, message, hint: 'Leave it out, or set join: context or attention.' })
  }
  if (encoder?.unroll.type === 'untied') {
    const message = 'copies of weights at each time step are for positions of the source alone'
    problems.push({ path: `${path}.join`, message, expected: 'context, attention, or model.encoder.unroll: shared' })
  }
  if (context?.from === 'attention') problems.push(...placeProblems(context.scorer, 'model.context.scorer'))
  const [own, other] = [features.representation, source?.representation]
  const sizeOf = (choice: typeof other) => (choice?.type === 'embedding' ? choice.size : undefined)
  if (sizeOf(own) === undefined || sizeOf(own) !== sizeOf(other)) {
    const message = "features that join the source's symbols need vectors of the same size"
    const expected = 'embedding, on both sides and of one size (or join: context or attention)'
    problems.push({ path: `${path}.representation`, message, expected })
  }
  return problems
}

/** Scorers that have a weight for each place of a source. */
function placeProblems({ type }: { readonly type: string }, at: string): Problem[] {
  const part: ScorerPart = scorers.get(type)
  if (part.refuseSource === undefined) return []
  const message = `the ${type} scorer has weights for places in a source, and features are in no such place`
  return [{ path: at, message, hint: 'Use a scorer that looks at what is there, such as general or additive.' }]
}

function summaryProblems(from: string, { encoder }: FeaturesOptions): Problem[] {
  if (formers.find(from)?.needsLast !== true || (encoder !== undefined && isRecurrent(encoder.cell))) return []
  const message = `${from} needs a last state, and ${encoder === undefined ? 'no encoder reads the features' : `a ${encoder.cell.type} encoder has none`}`
  return [{ path: `${path}.join.summary`, message, hint: 'Use all-states, or a recurrent model.features.encoder.' }]
}

/** The same where rows of this size ask: the outputs of a tagger, a classifier's C. */
export function labelScorerProblems(model: ModelOptions, query: (outputs: Axis) => Axis | undefined): Problem[] {
  const beside = besideByOptions(model)
  if (beside?.join !== 'attention' || model.encoder === undefined) return []
  const rows = query(buildEncoder(model.encoder, units('E', 1)).output)
  return rows === undefined ? [] : featureScorerProblems(beside, rows)
}

/** Why features cannot be compared with a query of this size. */
export function featureScorerProblems({ choice, output }: Extract<FeaturesBeside, { join: 'attention' }>, query: Axis) {
  const part: ScorerPart = scorers.get(choice.scorer.type)
  const called = { query: 'the size of what asks', key: "the features' size" }
  const reason = part.refuse?.(choice.scorer, { query, key: output, coverage: false, called })
  if (reason === undefined) return []
  const where = `${path}.join.scorer`
  if (isUnknownSize(output)) {
    const message = `the ${part.name} scorer needs sizes that fit, and these features have as many numbers as there are features in the data`
    return [{ path: where, message, hint: 'Use general or additive, an embedding, or an encoder of the features.' }]
  }
  return [{ path: where, message: reason, hint: 'Make the sizes fit, or use general, which takes any.' }]
}
