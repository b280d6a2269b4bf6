import type { Chain } from '../../src/decode/chain/types.js'
import type { ChainPotentials } from '../../src/model/heads/types.js'
import { numbers } from './tensors.js'

/** Each example's chain, of rows example after example. */
export function chainsOf({ emissions, ...of }: ChainPotentials, lengths: readonly number[]): readonly Chain[] {
  const [rows, labels] = emissions.shape
  const [all, steps] = [numbers(emissions), rows / lengths.length]
  const shared = { transitions: numbers(of.transitions), start: numbers(of.start), end: numbers(of.end) }
  return lengths.map((length, row) => {
    const from = row * steps * labels
    return { steps: length, labels, emissions: all.slice(from, from + length * labels), ...shared }
  })
}

/** ψ of every path of a chain, by its definition. */
export function everyPath({ steps, labels, emissions, transitions, start, end }: Chain) {
  return Array.from({ length: labels ** steps }, (_, code) => {
    const ids = Array.from({ length: steps }, (_, step) => Math.floor(code / labels ** (steps - 1 - step)) % labels)
    const emitted = ids.map((id, step) => emissions[step * labels + id] ?? Number.NaN)
    const passed = ids.slice(1).map((id, step) => transitions[(ids[step] ?? 0) * labels + id] ?? Number.NaN)
    const ends = [start[ids[0] ?? 0] ?? Number.NaN, end[ids.at(-1) ?? 0] ?? Number.NaN]
    return { ids, potential: [...emitted, ...passed, ...ends].reduce((sum, value) => sum + value, 0) }
  })
}
