// Whole training jobs, start to finish, of seqlab and of the program whose recipe it is: data, training, validation and
// test, on the same two cores, in turns. Each result is written as soon as it is there, and one that is there is not
// measured again on the same day and machine.
// usage: npm run bench:jobs -- [--job joey,yoyodyne,inflection] [--seeds 3] [--who peer,seqlab] [--data-dir DIR] [--work DIR]
//        [--results FILE] [--fresh] [--short] [--json]
// yoyodyne reads DIR/g2p/gre_*.tsv.gz (SIGMORPHON 2020 task 1, github.com/sigmorphon/2020), inflection DIR/tur_inflection/*.tsv
// (Yoyodyne's tests/testdata/data, github.com/CUNY-CL/yoyodyne); SEQLAB_DATA names DIR too.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { cpus, homedir, hostname, loadavg } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { here, type Job, jobs, type Measured, packageVersion, peerVersions, seqlabCode } from './jobs/job.js'
import { type Row, rowText, summarise } from './jobs/summary.js'

const { values } = parseArgs({
  options: {
    job: { type: 'string', default: Object.keys(jobs).join(',') },
    seeds: { type: 'string', default: '3' },
    who: { type: 'string', default: 'peer,seqlab' },
    'data-dir': { type: 'string' },
    work: { type: 'string', default: join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'seqlab', 'jobs') },
    results: { type: 'string' },
    fresh: { type: 'boolean', default: false },
    short: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})

const list = (text: string) => text.split(',').filter((item) => item !== '')
const say = (line: string) => values.json || process.stdout.write(`${line}\n`)

interface Report {
  readonly machine: { readonly model: string | undefined; readonly cores: number }
  readonly date: string
  readonly versions: Readonly<Record<string, string>>
  readonly rows: readonly Row[]
}

const today = new Date().toISOString().slice(0, 10)
// What one machine measured is no result of another: their processors' names may be the same.
const host = createHash('sha256').update(hostname()).digest('hex').slice(0, 6)
const file = resolve(values.results ?? here(`../results/jobs-${today}-${host}${values.short ? '-short' : ''}.json`))
const code = seqlabCode()

function known(): Row[] {
  return values.fresh || !existsSync(file) ? [] : [...(JSON.parse(readFileSync(file, 'utf8')) as Report).rows]
}

function write(rows: readonly Row[], versions: Report['versions']): Report {
  const machine = { model: cpus()[0]?.model, cores: cpus().length }
  const report: Report = { machine, date: new Date().toISOString(), versions, rows }
  mkdirSync(resolve(file, '..'), { recursive: true })
  writeFileSync(`${file}.tmp`, `${JSON.stringify(report, null, 2)}\n`)
  renameSync(`${file}.tmp`, file)
  return report
}

/** Who goes first changes from seed to seed. */
function turns(seeds: number, who: readonly string[], job: Job): { seed: number; who: string }[] {
  return Array.from({ length: seeds }, (_, at) => {
    const order = at % 2 === 0 ? who : [...who].reverse()
    return order.map((each) => ({ seed: job.firstSeed + at, who: each }))
  }).flat()
}

const who = list(values.who)
const rows = known()
let versions: Record<string, string> = {
  node: process.versions.node,
  seqlab: packageVersion('../../package.json'),
  code,
  'onnxruntime-node': packageVersion('../../node_modules/onnxruntime-node/package.json'),
}
for (const name of list(values.job)) {
  const job = jobs[name]
  if (job === undefined) throw new RangeError(`No job "${name}" among: ${Object.keys(jobs).join(', ')}`)
  const data = values['data-dir'] ?? process.env.SEQLAB_DATA
  const place = { work: join(values.work, name), data: data && resolve(data), short: values.short }
  mkdirSync(place.work, { recursive: true })
  job.prepare(place)
  versions = { ...versions, ...peerVersions(name) }
  for (const turn of turns(Number(values.seeds), who, job)) {
    const own = turn.who === 'seqlab' ? code : 'peer'
    const same = (row: Row) =>
      row.job === name && row.who === turn.who && row.seed === turn.seed && (row.code ?? 'peer') === own
    if (!rows.some(same)) {
      const load = loadavg()[0] ?? Number.NaN
      const measured: Measured = turn.who === 'seqlab' ? job.runSeqlab(place, turn.seed) : job.runPeer(place, turn.seed)
      rows.push({ job: name, ...turn, ...(turn.who === 'seqlab' ? { code } : {}), load, ...measured })
      write(rows, versions)
    }
    say(rowText(rows.find(same) as Row))
  }
  say(`\n${summarise(name, job, rows, code)}\n`)
}
const report = write(rows, versions)
say(`results  ${file}`)
if (values.json) process.stdout.write(`${JSON.stringify(report)}\n`)
