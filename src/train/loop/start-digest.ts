import { canonicalJson } from '../../core/canonical-json.js'
import { sha256, sha256Stream } from '../../core/hash.js'
import type { StartingPoint } from '../types.js'
import { encodeState } from './checkpoint.js'
import { symbolsTaken, type Taken } from './data-correspondence.js'

/**
 * sha-256 (hex) of what a trial takes over from another run: the parameters, or the whole training state, and the symbols
 * that they are about. A trial counts by that, not by the folder where it was found. `training`: there only where that
 * is taken.
 */
export function startDigest(
  taken: Taken,
  { parameters, data, costs }: StartingPoint,
  training: StartingPoint['training'],
): string {
  const symbols = canonicalJson(symbolsTaken(taken, data))
  if (training !== undefined) return sha256(encodeState(training), symbols, canonicalJson(costs ?? null))
  const hash = sha256Stream()
  for (const path of taken.map(([name]) => name).sort()) {
    const tensor = parameters.get(path)
    if (tensor === undefined) continue
    const { dtype, shape, data: numbers } = tensor
    hash.update(`${canonicalJson([path, dtype, shape])} `)
    hash.update(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength))
  }
  return hash.update(symbols).digest('hex')
}
