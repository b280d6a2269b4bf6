import { threadsFor } from '../../src/runner/agents/threads.js'
import { type Case, matrixFlops } from './cases.js'

/** One case's ms a step by the number of threads, and the number that a lone trial of its size gets of as many cores. */
export function threadsLine(which: Case, name: string, times: ReadonlyMap<number, number>): string {
  const flops = matrixFlops(which)
  const measured = [...times].map(([threads, ms]) => `${threads}: ${ms.toFixed(2)} ms`.padStart(15))
  const chosen = threadsFor(flops, Math.max(...times.keys()))
  return `${name.padEnd(26)}${(flops / 1e9).toFixed(2).padStart(6)} GFLOP${measured.join('')}   chosen: ${chosen}`
}
