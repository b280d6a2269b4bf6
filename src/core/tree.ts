/**
 * Nested named values in a fixed order (the order of the keys): parameters, states, batches. A leaf is anything that has
 * a `shape` (tensors of every kind and their specs) and anything that is not a plain record; so no node of a tree may
 * be called `shape`.
 */
export type Tree<T> = { readonly [name: string]: T | Tree<T> }

function isLeaf<T>(node: T | Tree<T>): node is T {
  if (typeof node !== 'object' || node === null) return true
  if ('shape' in node) return true
  const prototype = Object.getPrototypeOf(node)
  return prototype !== Object.prototype && prototype !== null
}

/** The leaves in order, each with its path, its names joined by `/`. */
export function leaves<T>(tree: Tree<T>): [path: string, leaf: T][] {
  return Object.entries(tree).flatMap(([name, node]): [string, T][] =>
    isLeaf(node) ? [[name, node]] : leaves(node).map(([path, leaf]) => [`${name}/${path}`, leaf]),
  )
}

export function mapTree<T, U>(tree: Tree<T>, change: (leaf: T, path: string) => U, prefix = ''): Tree<U> {
  return Object.fromEntries(
    Object.entries(tree).map(([name, node]) => [
      name,
      isLeaf(node) ? change(node, prefix + name) : mapTree(node, change, `${prefix}${name}/`),
    ]),
  )
}

/** A tree of the same form as `like` whose leaves are `values`, in order. Throws when the counts differ. */
export function fromLeaves<T, U>(like: Tree<T>, values: readonly U[]): Tree<U> {
  let next = 0
  const tree = mapTree(like, () => values[next++] as U)
  if (next !== values.length) throw new RangeError(`The tree has ${next} leaves, not ${values.length}`)
  return tree
}

/** The leaf or subtree at a path; throws with the names that exist. */
export function subtree<T>(tree: Tree<T>, name: string): Tree<T> {
  const node = tree[name]
  if (node === undefined || isLeaf(node)) throw new RangeError(missing(tree, name, 'subtree'))
  return node
}

export function leaf<T>(tree: Tree<T>, name: string): T {
  const node = tree[name]
  if (node === undefined || !isLeaf(node)) throw new RangeError(missing(tree, name, 'leaf'))
  return node
}

function missing(tree: Tree<unknown>, name: string, kind: string): string {
  return `No ${kind} "${name}" among: ${Object.keys(tree).join(', ') || '(nothing)'}`
}
