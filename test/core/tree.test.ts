import { expect, it } from 'vitest'
import { floats } from '../../src/core/tensors.js'
import { fromLeaves, leaf, leaves, mapTree, subtree } from '../../src/core/tree.js'

const tree = { b: { w: floats([1, 2], [2]), a: floats([3], [1]) }, c: floats([4], [1]) }

it('lists leaves in the order of the keys, with paths', () => {
  expect(leaves(tree).map(([path, { data }]) => [path, ...data])).toEqual([
    ['b/w', 1, 2],
    ['b/a', 3],
    ['c', 4],
  ])
})

it('maps and rebuilds a tree', () => {
  expect(mapTree(tree, (tensor, path) => `${path}:${tensor.data.length}`)).toEqual({
    b: { w: 'b/w:2', a: 'b/a:1' },
    c: 'c:1',
  })
  expect(fromLeaves(tree, [1, 2, 3])).toEqual({ b: { w: 1, a: 2 }, c: 3 })
  expect(() => fromLeaves(tree, [1, 2])).toThrow('The tree has 3 leaves, not 2')
})

it('says which names exist when one is missing', () => {
  expect(subtree(tree, 'b')).toBe(tree.b)
  expect(() => leaf(tree, 'd')).toThrow('No leaf "d" among: b, c')
})
