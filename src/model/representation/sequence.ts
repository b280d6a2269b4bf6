import { cube, matrix } from '../../core/ops.js'
import type { Tensor } from '../../core/tf.js'
import { subtree, type Tree } from '../../core/tree.js'
import type { Sequence } from './types.js'

/**
 * A batch's source out of a tree of tensors: {ids, mask}, with `copies` where a head copies, `features` {ids, mask} where
 * there are some, `characters` {ids, mask} where they are read, and `factors` {name: {ids, mask}}; or {values, mask}.
 */
export function sequenceIn(tree: Tree<Tensor>): Sequence {
  const mask = matrix(tree, 'mask')
  if (!('ids' in tree)) return { values: cube(tree, 'values'), mask }
  const copies = 'copies' in tree ? { copies: matrix(tree, 'copies') } : {}
  return { ids: matrix(tree, 'ids'), mask, ...copies, ...featuresIn(tree), ...charactersIn(tree), ...factorsIn(tree) }
}

function charactersIn(tree: Tree<Tensor>) {
  if (!('characters' in tree)) return {}
  return { characters: listedIn(subtree(tree, 'characters')) }
}

function factorsIn(tree: Tree<Tensor>) {
  if (!('factors' in tree)) return {}
  const factors = subtree(tree, 'factors')
  return {
    factors: Object.fromEntries(Object.keys(factors).map((name) => [name, listedIn(subtree(factors, name))] as const)),
  }
}

function listedIn(tree: Tree<Tensor>) {
  return { ids: cube(tree, 'ids'), mask: cube(tree, 'mask') }
}

function featuresIn(tree: Tree<Tensor>) {
  if (!('features' in tree)) return {}
  const features = subtree(tree, 'features')
  return { features: { ids: matrix(features, 'ids'), mask: matrix(features, 'mask') } }
}
