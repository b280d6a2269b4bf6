import type { Named } from '../../core/loop.js'
import type { Tensor } from '../../core/tf.js'
import { leaves, type Tree } from '../../core/tree.js'
import type { ValueId } from './ir.js'
import type { Recorder } from './recurrence.js'

/** Names values after the place of a cell's parameters: the path that they all begin with. None where they are no parameters. */
export function nameValues(backend: Recorder, params: Tree<Tensor>, tensors: Named): void {
  for (const [name, tensor] of Object.entries(tensors)) nameValue(backend, params, name, backend.idOf(tensor))
}

export function nameValue(backend: Recorder, params: Tree<Tensor>, name: string, value: ValueId | undefined): void {
  const place = placeOf(backend, params)
  if (place !== undefined && value !== undefined) backend.graph().name(value, `${place}/${name}`)
}

function placeOf(backend: Recorder, params: Tree<Tensor>): string | undefined {
  const [first] = leaves(params)
  const path = first && backend.paths.get(backend.idOf(first[1]))
  return path?.endsWith(`/${first?.[0]}`) ? path.slice(0, -(first?.[0].length ?? 0) - 1) : undefined
}
