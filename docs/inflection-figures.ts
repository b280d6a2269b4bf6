import type { Row } from '../bench/jobs/summary.js'
import { mean } from '../src/stats/difference.js'
import { newestRecord } from './bench-records.js'
import { markdownTable } from './markdown.js'

/** What `npm run bench:jobs` wrote, as far as this is about it. */
interface JobsRecord {
  readonly date: string
  readonly machine: { readonly model: string; readonly cores: number }
  readonly versions: Readonly<Record<string, string>>
  readonly rows: readonly Row[]
}

const percent = (share: number | undefined) => `${(100 * (share ?? Number.NaN)).toFixed(1)} %`
const seconds = (value: number) => `${value.toFixed(0)} s`

/** Yoyodyne's pointer-generator and ours on inflection, in turns on one machine; undefined where nothing was recorded. */
export function besideYoyodyne(): readonly string[] | undefined {
  const record = newestRecord<JobsRecord>('jobs', ({ rows }) => rows.some(({ job }) => job === 'inflection'))
  if (record === undefined) return undefined
  const rowsOf = (who: string) => record.rows.filter((row) => row.job === 'inflection' && row.who === who)
  const [theirs, ours] = [rowsOf('peer'), rowsOf('seqlab')]
  const { versions, machine, date } = record
  const ratio = mean(theirs.map((row) => row.seconds)) / mean(ours.map((row) => row.seconds))
  return [
    markdownTable(
      ['Program', 'Seed', 'Time', 'Forms right', 'SER', 'Load before'],
      [...lines('Yoyodyne', theirs), ...lines('seqlab', ours)],
    ),
    `Yoyodyne takes ${ratio.toFixed(2)} times as long.`,
    `Measured on ${date.slice(0, 10)}, ${machine.model}, ${machine.cores} cores: yoyodyne ${versions.yoyodyne}, torch ${versions.torch}; seqlab ${versions.seqlab} (code \`${versions.code}\`), Node ${versions.node}, onnxruntime-node ${versions['onnxruntime-node']}.`,
  ]
}

/** A row a seed, and their mean. */
function lines(program: string, rows: readonly Row[]): string[][] {
  const each = rows.map(({ seed, seconds: took, quality, load }) => {
    return [program, String(seed), seconds(took), percent(quality.accuracy), percent(quality.ser), load.toFixed(1)]
  })
  const meanOf = (value: (row: Row) => number) => mean(rows.map(value))
  const time = seconds(meanOf((row) => row.seconds))
  const accuracy = percent(meanOf(({ quality }) => quality.accuracy ?? Number.NaN))
  return [...each, [program, 'mean', time, accuracy, percent(meanOf(({ quality }) => quality.ser ?? Number.NaN)), '']]
}
