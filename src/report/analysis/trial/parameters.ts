import { sizeOf } from '../../../core/tensors.js'

/** Parameter counts by the first component of their paths, in the model's order. */
export function parametersByPart(shapes: Readonly<Record<string, readonly number[]>>): Map<string, number> {
  const parts = new Map<string, number>()
  for (const [path, shape] of Object.entries(shapes)) {
    const part = path.split('/')[0] ?? path
    parts.set(part, (parts.get(part) ?? 0) + sizeOf(shape))
  }
  return parts
}
