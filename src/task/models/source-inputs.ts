import type { HostTensor, TensorSpec } from '../../core/tensors.js'
import { leaf, type Tree } from '../../core/tree.js'
import { type Column, PAD, type Split } from '../../data/types.js'
import type { BatchShape } from '../../model/noise.js'
import type { ModelOptions } from '../../model/options.js'
import { factorPlaces, type ModelSizes } from '../../model/sizes.js'
import { attributeSteps, maskOf, padAttributes, padIds } from '../batches/collate.js'
import { rowLength } from '../sizes.js'
import { sourceBatch, sourceSpecs } from './source-encoder.js'

/** What a batch's source side is made of. */
export type Sources = Pick<Split, 'source' | 'features' | 'attributes' | 'unknown' | 'ahead'>

/** The source side of batches, with features where the model reads some. */
export interface SourceInputs {
  specs(shape: BatchShape): Tree<TensorSpec>
  batch(split: Sources, rows: readonly number[], shape: BatchShape): Tree<HostTensor>
}

/**
 * Sources as they are, with their characters and factors where the model reads them; with features, {ids, mask} [B,F] under
 * `features`. Where these are positions of the source, it has F steps more, [B,F+S]: a row is its features, its symbols, and
 * padding.
 */
export function sourceInputs(
  { source, features }: Pick<ModelOptions, 'source' | 'features'>,
  sizes: ModelSizes,
): SourceInputs {
  const inputs = inputsOf(features, sizes)
  const { characters, factors } = source ?? {}
  const read = characters === undefined ? inputs : withCharacters(inputs, sizes.attributes?.characters?.longest ?? 1)
  return factors === undefined ? read : withFactors(read, Object.keys(factors), sizes)
}

function inputsOf(features: ModelOptions['features'], sizes: ModelSizes): SourceInputs {
  if (features === undefined) return { specs: (shape) => sourceSpecs(sizes, shape), batch: sourceBatch }
  const longest = sizes.features?.longest ?? 1
  return features.join.type === 'source' ? joinedInputs(longest) : separateInputs(longest, sizes)
}

/** With the characters of each symbol, {ids, mask} [B,S,C] under `characters`. */
function withCharacters({ specs, batch }: SourceInputs, longest: number): SourceInputs {
  return {
    specs: (shape) => ({ ...specs(shape), characters: listedSpecs([shape.batch, shape.source, longest]) }),
    batch: (split, rows, shape) => {
      const column = attributeIn(split, 'characters')
      const places = attributeSteps(split.source, column, rows, longest)
      const size = [shape.batch, shape.source, places] as const
      return { ...batch(split, rows, shape), characters: padAttributes(split.source, column, rows, size) }
    },
  }
}

/** With the factors of each symbol, {ids, mask} [B,S,K] by name under `factors`; [B,S,1] of those with one value. */
function withFactors({ specs, batch }: SourceInputs, names: readonly string[], sizes: ModelSizes): SourceInputs {
  const several = names.filter((name) => sizes.attributes?.[name]?.several === true)
  const least = factorPlaces(sizes)
  const placesOf = (name: string, places: number) => (several.includes(name) ? places : 1)
  const byName = <T>(of: (name: string) => T) => Object.fromEntries(names.map((name) => [name, of(name)] as const))
  return {
    specs: (shape) => ({
      ...specs(shape),
      factors: byName((name) => listedSpecs([shape.batch, shape.source, placesOf(name, least)])),
    }),
    batch: (split, rows, shape) => {
      const places = several.reduce(
        (most, name) => attributeSteps(split.source, attributeIn(split, name), rows, most),
        least,
      )
      const padded = (name: string) => {
        const size = [shape.batch, shape.source, placesOf(name, places)] as const
        return padAttributes(split.source, attributeIn(split, name), rows, size)
      }
      return { ...batch(split, rows, shape), factors: byName(padded) }
    },
  }
}

function listedSpecs(shape: readonly [batch: number, steps: number, places: number]): Tree<TensorSpec> {
  return { ids: { dtype: 'int32', shape }, mask: { dtype: 'float32', shape } }
}

function attributeIn({ attributes }: Sources, name: string): Column {
  const column = attributes?.[name]
  if (column === undefined) throw new RangeError(`The model reads ${name}, and the examples have none`)
  return column
}

function separateInputs(longest: number, sizes: ModelSizes): SourceInputs {
  return {
    specs: (shape) => ({ ...sourceSpecs(sizes, shape), features: idSpecs([shape.batch, longest]) }),
    batch: (split, rows, shape) => ({
      ...sourceBatch(split, rows, shape),
      features: featureBatch(featuresIn(split), rows, shape.batch, longest),
    }),
  }
}

function joinedInputs(longest: number): SourceInputs {
  return {
    specs: ({ batch, source }) => {
      const specs = idSpecs([batch, longest + source])
      return { ...specs, features: specs }
    },
    batch: (split, rows, { batch, source }) => {
      const column = featuresIn(split)
      const steps = stepsFor(column, rows, longest) + source
      const lengths = rows.map((row) => rowLength(column.offsets, row))
      const symbols = sourceBatch(split, rows, { batch, source: steps, target: 1 })
      return {
        ids: moved(leaf(symbols, 'ids'), lengths, PAD),
        mask: moved(leaf(symbols, 'mask'), lengths, 1),
        features: featureBatch(column, rows, batch, steps),
      }
    },
  }
}

function idSpecs(shape: readonly [batch: number, steps: number]): Tree<TensorSpec> {
  return { ids: { dtype: 'int32', shape }, mask: { dtype: 'float32', shape } }
}

function featureBatch(column: Column, rows: readonly number[], batch: number, least: number): Tree<HostTensor> {
  const size = [batch, stepsFor(column, rows, least)] as const
  return { ids: padIds(column, rows, size), mask: maskOf(column, rows, size) }
}

/** F, or more where a held-out row has more. */
function stepsFor({ offsets }: Column, rows: readonly number[], longest: number): number {
  return Math.max(longest, ...rows.map((row) => rowLength(offsets, row)))
}

/** Each row so many places later, with `filler` before it. */
function moved(tensor: HostTensor, by: readonly number[], filler: number): HostTensor {
  const [, steps = 0] = tensor.shape
  const data = tensor.data.slice()
  for (const [row, places] of by.entries()) {
    data.copyWithin(row * steps + places, row * steps, (row + 1) * steps - places)
    data.fill(filler, row * steps, row * steps + places)
  }
  return { ...tensor, data }
}

function featuresIn({ features }: Sources): Column {
  if (features === undefined) throw new RangeError('The model reads features, and the examples have none')
  return features
}
