import { cube, matrix } from '../../core/ops.js'
import type { Tensor } from '../../core/tf.js'
import { subtree, type Tree } from '../../core/tree.js'
import type { Sequence } from './types.js'

/**
 * A batch's source out of a tree of tensors: {ids, mask}, with `copies` where a head copies, `features` {ids, mask} where
 * there are some and `characters` {ids, mask} where they are read; or {values, mask}.
 */
export function sequenceIn(tree: Tree<Tensor>): Sequence {
  const mask = matrix(tree, 'mask')
  if (!('ids' in tree)) return { values: cube(tree, 'values'), mask }
  const copies = 'copies' in tree ? { copies: matrix(tree, 'copies') } : {}
  return { ids: matrix(tree, 'ids'), mask, ...copies, ...featuresIn(tree), ...charactersIn(tree) }
}

function charactersIn(tree: Tree<Tensor>) {
  if (!('characters' in tree)) return {}
  const characters = subtree(tree, 'characters')
  return { characters: { ids: cube(characters, 'ids'), mask: cube(characters, 'mask') } }
}

function featuresIn(tree: Tree<Tensor>) {
  if (!('features' in tree)) return {}
  const features = subtree(tree, 'features')
  return { features: { ids: matrix(features, 'ids'), mask: matrix(features, 'mask') } }
}
