import type { DecodeOptions } from '../../src/decode/index.js'

/** A search at a batch size. */
export interface Case {
  readonly name: string
  readonly decode: DecodeOptions
  readonly beam: number
  readonly batch: number
}

export const greedy: DecodeOptions = { type: 'greedy' }
export const beamOf5: DecodeOptions = { type: 'beam', width: 5, lengthNormalisation: 0, nBest: 1 }

/** Medians over rounds: sentences a second, and how many times the peer's in the same round. */
export interface Row {
  readonly name: string
  readonly peer: string
  readonly seqlab: number
  /** None where the peer is not installed. */
  readonly peers: number | null
  readonly ratio: number | null
}

export function rowOf(
  name: string,
  peer: string,
  turns: readonly { readonly own: number; readonly peer: number }[],
): Row {
  const measured = turns.every((turn) => Number.isFinite(turn.peer))
  return {
    ...{ name, peer, seqlab: median(turns.map(({ own }) => own)) },
    peers: measured ? median(turns.map((turn) => turn.peer)) : null,
    ratio: measured ? median(turns.map((turn) => turn.own / turn.peer)) : null,
  }
}

export function rowText({ name, peer, seqlab, peers, ratio }: Row, least: number): string {
  const own = `${name.padEnd(26)} seqlab ${seqlab.toFixed(0).padStart(5)} sentences/s`
  if (peers === null || ratio === null) return `${own}; ${peer} is not installed`
  return `${own}, ${peer} ${peers.toFixed(0).padStart(5)}: ${ratio.toFixed(2)} times (at least ${least.toFixed(1)})`
}

export function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN
}

/** Processor time of this process, all threads. */
export async function cpuSeconds(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6
}
