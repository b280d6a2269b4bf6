// Figures of docs/cluster.md, from the newest record of bench:cluster that has all of its parts.
import type { OverRedis } from '../bench/cluster/over-redis.js'
import type { Compared, Simulated } from '../bench/cluster/simulated.js'
import { newestRecord } from './bench-records.js'
import { markdownTable } from './markdown.js'

interface Record {
  readonly date: string
  readonly machine: { readonly model?: string; readonly cores: number }
  readonly redis?: OverRedis
  readonly simulated?: Simulated
  readonly compared?: Compared
}

type Whole = Required<Record>

const [begins, ends] = ['<!-- figures: npm run docs -->', '<!-- /figures -->']

/** The page with its figures as the records have them. Throws where it has no place for them. */
export function withClusterFigures(page: string): string {
  const [from, to] = [page.indexOf(begins), page.indexOf(ends)]
  if (from < 0 || to < from) throw new Error(`docs/cluster.md has no ${begins} ... ${ends}`)
  return `${page.slice(0, from)}${begins}\n\n${figuresText(newest())}\n\n${page.slice(to)}`
}

function newest(): Whole | undefined {
  const found = newestRecord<Record>('cluster', isWhole)
  return found !== undefined && isWhole(found) ? found : undefined
}

function isWhole(record: Record): record is Whole {
  return record.redis !== undefined && record.simulated !== undefined && record.compared !== undefined
}

export function figuresText(record: Whole | undefined): string {
  if (record === undefined) return 'There is no record of them yet: `npm run bench:cluster` writes one.'
  const { date, machine, redis, simulated, compared } = record
  const many = (value: number) => value.toLocaleString('en-US')
  const rows = [
    [
      `${many(redis.trials)} trials of two steps over Redis, ${redis.workers} workers, against the local runner with as many`,
      `${redis.overheadMs.toFixed(1)} ms more a trial (${redis.redisSeconds.toFixed(1)} s, ${redis.localSeconds.toFixed(1)} s)`,
      '50 ms',
    ],
    [
      'Heap of the command, and memory of Redis, at each quarter of it',
      `${redis.coordinatorHeapMiB.join(', ')} MiB; ${redis.redisMiB.join(', ')} MiB`,
      'flat',
    ],
    [
      `${many(simulated.trials)} simulated trials on ${many(simulated.machines)} machines: the real command, a clock of its own`,
      `${simulated.msAnEvent.toFixed(3)} ms an event, all that is written included; ${simulated.peakMiB} MiB at most`,
      '1 ms, 1,024 MiB',
    ],
    [`\`seqlab list\` of these`, `${simulated.listSeconds.toFixed(1)} s`, ''],
    [`\`seqlab compare\` of ${many(compared.trials)} trials`, `${compared.seconds.toFixed(1)} s`, '60 s'],
  ]
  return [
    `Measured on ${date.slice(0, 10)} by \`npm run bench:cluster\` (${machine.model ?? 'a processor without a name'}, ${machine.cores} cores).`,
    '',
    markdownTable(['What', 'Measured', 'Goal'], rows),
  ].join('\n')
}
