import type { Problem } from '../core/errors.js'
import type { HostTensor, TensorSpec } from '../core/tensors.js'
import { type Tensor, type Tensor2D, type Tensor3D, tensor } from '../core/tf.js'
import { subtree, type Tree } from '../core/tree.js'
import type { Split } from '../data/types.js'
import { buildEncoder } from '../model/encoder/index.js'
import { encoderProblems } from '../model/encoder/problems.js'
import type { ModelOptions } from '../model/options.js'
import { buildRepresentation, representationProblems } from '../model/representation/index.js'
import type { BatchShape, Encoded, Encoder, ModelSizes, Noise, Params, Sequence, State } from '../model/types.js'
import { maskOf, padIds, padValues } from './collate.js'

/** Representation and encoder: what the tasks without a decoder read a source with. */
export interface Reader {
  readonly parameters: { readonly source: Encoder['parameters']; readonly encoder: Encoder['parameters'] }
  readonly encoder: Encoder
  read(params: Params, source: Sequence, noise: Noise, carry?: State): Encoded
}

/** A model without its decoder: the sections that a reader needs. */
type Sections = Required<Pick<ModelOptions, 'source' | 'encoder'>>

export function buildReader(model: ModelOptions, sizes: ModelSizes): Reader {
  const { source, encoder: options } = model as Sections
  const representation = buildRepresentation(source.representation, sizes.source, sizes.known?.source)
  const encoder = buildEncoder(options, representation.size)
  return {
    parameters: { source: representation.parameters, encoder: encoder.parameters },
    encoder,
    read: (params, sequence, noise, carry) => {
      const embedded = representation.embed(subtree(params, 'source'), sequence)
      const own = noise === undefined ? undefined : subtree(noise, 'encoder')
      return encoder.run(subtree(params, 'encoder'), embedded, sequence.mask, own, carry)
    },
  }
}

/** What is wrong with the sections that a reader needs. */
export function readerProblems(model: ModelOptions, needs: Parameters<typeof representationProblems>[2]): Problem[] {
  const { source, encoder } = model
  const missing = (['source', 'encoder'] as const).filter((name) => model[name] === undefined)
  if (source === undefined || encoder === undefined)
    return missing.map((name) => ({
      path: `model.${name}`,
      message: 'this task needs the section',
      expected: `a section ${name}`,
    }))
  return [
    ...representationProblems(source.representation, 'model.source.representation', needs),
    ...encoderProblems(encoder),
  ]
}

/** The source of a batch as a sequence: {ids, mask} or {values, mask} under `source`. */
export function sourceOf(batch: Tree<Tensor>): Sequence {
  const source = subtree(batch, 'source')
  const mask = tensor<Tensor2D>(source, 'mask')
  if ('ids' in source) return { ids: tensor<Tensor2D>(source, 'ids'), mask }
  return { values: tensor<Tensor3D>(source, 'values'), mask }
}

/** Shapes of a source of symbols or of numbers `width` wide. */
export function sourceSpecs({ source: space }: ModelSizes, { batch, source }: BatchShape): Tree<TensorSpec> {
  const mask: TensorSpec = { dtype: 'float32', shape: [batch, source] }
  if ('width' in space) return { values: { dtype: 'float32', shape: [batch, source, space.width] }, mask }
  return { ids: { dtype: 'int32', shape: [batch, source] }, mask }
}

/** The source side of a batch: ids [B,S] or values [B,S,F], and mask [B,S]. */
export function sourceBatch(split: Split, rows: readonly number[], { batch, source }: BatchShape): Tree<HostTensor> {
  const mask = maskOf(split.source, rows, [batch, source])
  if (split.source.kind === 'values') return { values: padValues(split.source, rows, [batch, source]), mask }
  return { ids: padIds(split.source, rows, [batch, source]), mask }
}
