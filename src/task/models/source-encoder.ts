import type { Problem } from '../../core/errors.js'
import { judge } from '../../core/judge.js'
import type { HostTensor, TensorSpec } from '../../core/tensors.js'
import type { Tensor } from '../../core/tf.js'
import { subtree, type Tree } from '../../core/tree.js'
import type { Split } from '../../data/types.js'
import { characterProblems } from '../../model/characters/problems.js'
import { encoderProblems } from '../../model/encoder/problems.js'
import { factorProblems } from '../../model/factors/problems.js'
import { featureProblems } from '../../model/features/problems.js'
import type { BatchShape } from '../../model/noise.js'
import type { ModelOptions } from '../../model/options.js'
import { representationProblems } from '../../model/representation/index.js'
import { sequenceIn } from '../../model/representation/sequence.js'
import type { Sequence } from '../../model/representation/types.js'
import { type ModelSizes, sideOf } from '../../model/sizes.js'
import { besidesOf, buildSourceEncoder, type SourceEncoder } from '../../model/source-encoder.js'
import { maskOf, padIds, padValues } from '../batches/collate.js'

/** What reads the source. Throws RangeError where the model lacks a section that `sourceEncoderProblems` asks for. */
export function sourceEncoderOf(model: ModelOptions, sizes: ModelSizes): SourceEncoder {
  const { source, encoder } = model
  if (source === undefined || encoder === undefined) throw new RangeError('A source encoder needs source and encoder')
  return buildSourceEncoder(source, encoder, sideOf(sizes, 'source'), besidesOf(model, sizes))
}

/** What is wrong with the sections that a source encoder needs. */
export function sourceEncoderProblems(
  model: ModelOptions,
  needs: Parameters<typeof representationProblems>[2],
): Problem[] {
  return judge(
    () => missingProblems(model),
    () =>
      model.source === undefined
        ? []
        : representationProblems(model.source.representation, 'model.source.representation', needs),
    () => characterProblems(model, needs),
    () => factorProblems(model, needs),
    () => (model.encoder === undefined ? [] : encoderProblems(model.encoder)),
    () => featureProblems(model),
  )
}

function missingProblems(model: ModelOptions): Problem[] {
  const missing = (['source', 'encoder'] as const).filter((name) => model[name] === undefined)
  return missing.map((name) => ({
    path: `model.${name}`,
    message: 'this task needs the section',
    expected: `a section ${name}`,
  }))
}

/** The source of a batch as a sequence: {ids, mask} or {values, mask} under `source`. */
export function sourceOf(batch: Tree<Tensor>): Sequence {
  return sequenceIn(subtree(batch, 'source'))
}

/** Shapes of a source of symbols or of numbers `width` wide. */
export function sourceSpecs({ source: space }: ModelSizes, { batch, source }: BatchShape): Tree<TensorSpec> {
  const mask: TensorSpec = { dtype: 'float32', shape: [batch, source] }
  if ('width' in space) return { values: { dtype: 'float32', shape: [batch, source, space.width] }, mask }
  return { ids: { dtype: 'int32', shape: [batch, source] }, mask }
}

/** The source side of a batch: ids [B,S] or values [B,S,F], and mask [B,S]. */
export function sourceBatch(
  split: Pick<Split, 'source'>,
  rows: readonly number[],
  { batch, source }: BatchShape,
): Tree<HostTensor> {
  const mask = maskOf(split.source, rows, [batch, source])
  if (split.source.kind === 'values') return { values: padValues(split.source, rows, [batch, source]), mask }
  return { ids: padIds(split.source, rows, [batch, source]), mask }
}
