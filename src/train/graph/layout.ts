import { concat, reshape, splitSizes, vector, zeros } from '../../core/ops.js'
import { floats, type HostTensor, sizeOf, type TensorSpec } from '../../core/tensors.js'
import type { Tensor, Tensor1D } from '../../core/tf.js'
import { leaf, leaves, mapTree, type Tree } from '../../core/tree.js'
import { mergeCopies } from '../../model/encoder/unroll.js'
import type { ParameterSpec } from '../../model/parameters.js'

/** `decayed`: weights; `plain`: biases and gains, never decayed; `frozen`: never trained. */
export type GroupName = 'decayed' | 'plain' | 'frozen'

interface Entry {
  readonly path: string
  readonly shape: readonly number[]
  readonly size: number
}

/** One flat vector: its parameters one behind the other. */
export interface Group {
  readonly name: GroupName
  readonly size: number
  readonly entries: readonly Entry[]
}

/** What of a parameter decides where it lies. */
export type LaidOut = Pick<ParameterSpec, 'shape' | 'decay' | 'frozen' | 'copies'>

/** How a tree of parameters lies in few flat vectors: few, large operations in the optimizer, few tensors to move. */
export interface Layout {
  readonly tree: Tree<LaidOut>
  /** Groups that have parameters, in a fixed order. */
  readonly groups: readonly Group[]
  readonly trained: readonly Group[]
}

const groupNames: readonly GroupName[] = ['decayed', 'plain', 'frozen']

/** Lays a tree of parameters out; `frozen` names further parameters that are not trained. */
export function layoutOf(tree: Tree<LaidOut>, frozen: (path: string) => boolean = () => false): Layout {
  const groupOf = (path: string, spec: LaidOut): GroupName =>
    spec.frozen === true || frozen(path) ? 'frozen' : spec.decay ? 'decayed' : 'plain'
  const all = leaves(tree)
  const groups = groupNames.flatMap((name) => {
    const members = all.filter(([path, spec]) => groupOf(path, spec) === name)
    return members.length === 0 ? [] : [toGroup(name, members)]
  })
  return { tree, groups, trained: groups.filter(({ name }) => name !== 'frozen') }
}

function toGroup(name: GroupName, members: readonly [string, LaidOut][]): Group {
  const entries = members.map(([path, { shape }]) => ({ path, shape, size: sizeOf(shape) }))
  return { name, entries, size: entries.reduce((sum, { size }) => sum + size, 0) }
}

/** Specs of the flat vectors, [N] float32 each. */
export function flatSpecs(groups: readonly Group[]): Tree<TensorSpec> {
  return Object.fromEntries(groups.map(({ name, size }) => [name, { dtype: 'float32', shape: [size] }]))
}

/** Parameters as a tree -> flat vectors. */
export function flatten(layout: Layout, params: Tree<HostTensor>): Tree<HostTensor> {
  const byPath = new Map(leaves(params))
  return Object.fromEntries(layout.groups.map((group) => [group.name, flatGroup(group, byPath)]))
}

function flatGroup(group: Group, byPath: ReadonlyMap<string, HostTensor>): HostTensor {
  const flat = new Float32Array(group.size)
  let offset = 0
  for (const { path, size } of group.entries) {
    const value = byPath.get(path)
    if (value?.data.length !== size) throw new RangeError(`Parameter ${path} is missing or is not of size ${size}`)
    flat.set(value.data, offset)
    offset += size
  }
  return floats(flat, [group.size])
}

/** Flat vectors -> parameters as a tree; its tensors are views of the vectors. */
export function unflatten(layout: Layout, flats: Tree<HostTensor>): Tree<HostTensor> {
  const byPath = new Map<string, HostTensor>()
  for (const { name, entries } of layout.groups) {
    let offset = 0
    const { data } = leaf(flats, name)
    if (!(data instanceof Float32Array)) throw new RangeError(`The parameters ${name} must be float32`)
    for (const { path, shape, size } of entries) {
      byPath.set(path, { dtype: 'float32', shape, data: data.subarray(offset, offset + size) })
      offset += size
    }
  }
  return arrange(layout, byPath)
}

/** The same inside a graph: flat vectors [N] -> a tree of tensors of the parameters' shapes. */
export function sliceParameters(layout: Layout, flats: Tree<Tensor>): Tree<Tensor> {
  const byPath = new Map<string, Tensor>()
  for (const { name, entries } of layout.groups) {
    const flat = vector(flats, name)
    const sizes = entries.map(({ size }) => size)
    const parts = sizes.length === 1 ? [flat] : splitSizes(flat, sizes, 0)
    parts.forEach((part, index) => {
      const entry = entries[index]
      if (entry !== undefined) byPath.set(entry.path, reshape(part, entry.shape))
    })
  }
  return arrange(layout, byPath)
}

/** A tree of the layout's form. Throws RangeError where a path is missing. */
function arrange<T>(layout: Layout, byPath: ReadonlyMap<string, T>): Tree<T> {
  return mapTree(layout.tree, (_, path): T => {
    const value = byPath.get(path)
    if (value === undefined) throw new RangeError(`Parameter ${path} is missing`)
    return value
  })
}

/** Gradients by path (none: zero; those of copies combined) -> one flat vector [N] for each trained group. */
export function flattenGradients(
  layout: Layout,
  gradients: ReadonlyMap<string, Tensor>,
): Readonly<Record<string, Tensor1D>> {
  const specs = new Map(leaves(layout.tree))
  const flatOf = (path: string, size: number): Tensor1D => {
    const gradient = gradients.get(path)
    const spec = specs.get(path)
    if (gradient === undefined || spec === undefined) return zeros([size])
    return reshape(mergeCopies(spec, gradient), [size])
  }
  return Object.fromEntries(
    layout.trained.map(({ name, entries }) => {
      const [first, ...others] = entries.map(({ path, size }) => flatOf(path, size))
      if (first === undefined) throw new RangeError(`The group ${name} has no parameters`)
      return [name, others.length === 0 ? first : concat([first, ...others], 0)]
    }),
  )
}
