import type { Job, Measured } from './job.js'

export interface Row extends Measured {
  readonly job: string
  readonly who: string
  readonly seed: number
  /** Digest of seqlab's built code; absent for peers. */
  readonly code?: string
  /** Load average of the machine as the run began. */
  readonly load: number
}

export function rowText({ job, who, seed, seconds, quality, load }: Row): string {
  const parts = Object.entries(quality).map(([name, value]) => `${name} ${digits(value)}`)
  return `${job} ${who} seed ${seed}: ${seconds.toFixed(1)} s, ${parts.join(', ')} (load before ${load.toFixed(1)})`
}

/** Mean and deviation of each side over seeds, the ratio of mean seconds, and whether quality holds up. */
export function summarise(name: string, job: Job, rows: readonly Row[], code: string): string {
  const of = (who: string) =>
    rows.filter((row) => row.job === name && row.who === who && (row.code === undefined || row.code === code))
  const [peer, own] = [of('peer'), of('seqlab')]
  const lines = ([['peer', peer] as const, ['seqlab', own] as const] as const).flatMap(([who, found]) => {
    if (found.length === 0) return []
    const qualities = Object.keys(found[0]?.quality ?? {})
    const parts = qualities.map((of) => `${of} ${spread(found.map(({ quality }) => quality[of] ?? Number.NaN))}`)
    return [
      `${name} ${who}, ${found.length} seeds: ${spread(found.map(({ seconds }) => seconds))} s, ${parts.join(', ')}`,
    ]
  })
  if (peer.length === 0 || own.length === 0) return lines.join('\n')
  const ratio = mean(peer.map(({ seconds }) => seconds)) / mean(own.map(({ seconds }) => seconds))
  return [...lines, `${name}: seqlab is ${ratio.toFixed(2)} times faster; ${verdicts(job, peer, own)}`].join('\n')
}

/** Within one deviation of the peer's mean, or better. */
function verdicts({ better }: Job, peer: readonly Row[], own: readonly Row[]): string {
  return Object.entries(better)
    .map(([name, way]) => {
      const [theirs, ours] = [peer, own].map((rows) => rows.map(({ quality }) => quality[name] ?? Number.NaN)) as [
        number[],
        number[],
      ]
      const ahead = (mean(ours) - mean(theirs)) * (way === 'higher' ? 1 : -1)
      if (theirs.length < 2) return `${name} is undecided with one seed of the peer's`
      if (ahead >= 0) return `${name} is as good or better`
      return `${name} is ${-ahead <= deviation(theirs) ? 'within' : 'NOT within'} one deviation of the peer's`
    })
    .join(', ')
}

const digits = (value: number) => value.toPrecision(4)
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

/** The sample's; NaN for one value. */
function deviation(values: readonly number[]): number {
  const middle = mean(values)
  return Math.sqrt(values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1))
}

function spread(values: readonly number[]): string {
  return values.length < 2 ? digits(mean(values)) : `${digits(mean(values))} ± ${digits(deviation(values))}`
}
