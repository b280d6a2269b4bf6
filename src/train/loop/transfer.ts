// Taking numbers over from a model whose vocabularies are in another order or of another size.
import { type HostTensor, sizeOf } from '../../core/tensors.js'
import { leaves, mapTree, type Tree } from '../../core/tree.js'
import type { ParameterSpec } from '../../model/parameters.js'
import type { Group, Layout } from '../graph/layout.js'
import { type Correspondence, mapNumbers, type PlaceMap, placesOf } from './axis-map.js'

/** Parameters that are taken over, with how each of their axes maps onto the other model's. */
export type Transfer = ReadonlyMap<string, readonly PlaceMap[]>

export function transferOf(
  taken: readonly (readonly [path: string, spec: ParameterSpec])[],
  correspondence: Correspondence,
): Transfer {
  return new Map(taken.map(([path, { axes }]) => [path, axes.map((axis) => placesOf(axis, correspondence))]))
}

/** The shape that the other model's parameter must have. */
export function shapeThere(axes: readonly PlaceMap[]): readonly number[] {
  return axes.map(({ there }) => there)
}

/** `fresh` with what is taken from `others`, whose shapes fit. */
export function transferTree(
  transfer: Transfer,
  fresh: Tree<HostTensor>,
  others: ReadonlyMap<string, HostTensor>,
): Tree<HostTensor> {
  return mapTree(fresh, (value, path) => {
    const [axes, other] = [transfer.get(path), others.get(path)]
    return axes === undefined || other === undefined
      ? value
      : { ...value, data: mapNumbers(value.data, other.data, axes) }
  })
}

/** The optimizer's slots that the other training must have: a flat vector a group, `decayed/m`, of these lengths. */
export function slotLengths(
  { trained }: Layout,
  slots: Tree<HostTensor>,
  transfer: Transfer,
): ReadonlyMap<string, readonly number[]> {
  const lengths = new Map(trained.map((group) => [group.name, lengthThere(group, transfer)]))
  return new Map(leaves(slots).map(([path, { shape }]) => [path, sizesOf(lengths, path) ?? shape]))
}

function sizesOf(lengths: ReadonlyMap<string, number>, path: string): readonly number[] | undefined {
  const length = lengths.get(groupOf(path))
  return length === undefined ? undefined : [length]
}

const groupOf = (path: string) => path.split('/')[0] ?? ''

function lengthThere({ entries }: Group, transfer: Transfer): number {
  return entries.reduce((sum, { path, size }) => sum + lengthOf(transfer.get(path), size), 0)
}

function lengthOf(axes: readonly PlaceMap[] | undefined, size: number): number {
  return axes === undefined ? size : sizeOf(shapeThere(axes))
}

/** Slots with the moments of what is taken; those of new symbols stay at their first values. */
export function transferSlots(
  { trained }: Layout,
  slots: Tree<HostTensor>,
  others: ReadonlyMap<string, HostTensor>,
  transfer: Transfer,
): Tree<HostTensor> {
  const groups = new Map<string, Group>(trained.map((group) => [group.name, group]))
  return mapTree(slots, (fresh, path) => {
    const [group, other] = [groups.get(groupOf(path)), others.get(path)]
    return group === undefined || other === undefined ? fresh : transferSlot(group, fresh, other, transfer)
  })
}

function transferSlot({ entries }: Group, fresh: HostTensor, other: HostTensor, transfer: Transfer): HostTensor {
  const data = fresh.data.slice()
  let [here, there] = [0, 0]
  for (const { path, size } of entries) {
    const axes = transfer.get(path) ?? []
    const length = lengthOf(axes, size)
    const [own, others] = [fresh.data.subarray(here, here + size), other.data.subarray(there, there + length)]
    data.set(mapNumbers(own, others, axes), here)
    here += size
    there += length
  }
  return { ...fresh, data }
}
