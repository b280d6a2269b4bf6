// A step of this checkout beside the same step of another one with its own node_modules: two processes take short turns on
// one core, and the ratio of their processor time, this / other, is shown with the 95 % interval of its median over rounds.
// usage: npm run bench:against -- DIR [--rounds 15] [--seconds 0.4] [--cases 'greedy;coverage'] [--pairs 5] [--core 1] [--json]
// --seconds: of each checkout in a round. --cases: those whose names hold one of these. --pairs: of processes, one after the
// other, among which the rounds are divided. Results are kept in bench/results.
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { benchCases, specCases } from './against/cases.js'
import { type MedianRatio, medianRatio, type Round } from './against/ratios.js'
import { Peer } from './step/peers.js'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '15' },
    seconds: { type: 'string', default: '0.4' },
    cases: { type: 'string', default: '' },
    pairs: { type: 'string', default: '5' },
    core: { type: 'string', default: String(cpus().length - 1) },
    json: { type: 'boolean', default: false },
  },
})
if (positionals[0] === undefined) throw new RangeError('usage: npm run bench:against -- DIR')
/** Of one turn, where a step does not take longer. */
const turnMs = 20
const here = fileURLToPath(new URL('..', import.meta.url))
const core = Number(values.core)
const pairs = Number(values.pairs)
const other = resolve(positionals[0])

/** What serves some of the cases in either checkout. */
interface Program {
  readonly cases: readonly { readonly name: string }[]
  /** Of a checkout: the program and its arguments. */
  readonly serve: (checkout: string) => readonly string[]
}

interface Row extends MedianRatio {
  readonly name: string
  /** Medians of processor time. */
  readonly thisMs: number
  readonly otherMs: number
  readonly thisNodes: number
  readonly otherNodes: number
  /** Of the machine, while it was measured. */
  readonly load: number
}

const wanted = values.cases.split(';')
const programs: readonly Program[] = [
  { cases: benchCases, serve: (checkout) => [join(checkout, 'bench/step/serve.ts')] },
  { cases: specCases, serve: (checkout) => [join(here, 'bench/against/serve-spec.ts'), checkout] },
]

async function compareAll({ cases, serve }: Program): Promise<Row[]> {
  const rows: Row[] = []
  for (const one of cases.filter(({ name }) => wanted.some((part) => name.includes(part)))) {
    const row = await compare(one, serve)
    rows.push(row)
    say(line(row))
  }
  return rows
}

/** Rounds in several pairs of processes: one process is faster than the next of equal code by a few percent, all its life. */
async function compare(given: { readonly name: string }, serve: Program['serve']): Promise<Row> {
  const all: Measured[] = []
  for (let pair = 0; pair < pairs; pair++) all.push(await measurePair(given, serve))
  const rounds = all.flatMap(({ rounds }) => rounds)
  return {
    ...{ name: given.name, ...medianRatio(rounds), load: loadavg()[0] ?? Number.NaN },
    ...{ thisMs: median(rounds.map(({ thisMs }) => thisMs)), otherMs: median(rounds.map(({ otherMs }) => otherMs)) },
    ...{ thisNodes: all[0]?.thisNodes ?? 0, otherNodes: all[0]?.otherNodes ?? 0 },
  }
}

interface Measured extends Pick<Row, 'thisNodes' | 'otherNodes'> {
  readonly rounds: readonly Round[]
}

async function measurePair(given: object, serve: Program['serve']): Promise<Measured> {
  const peer = (checkout: string) =>
    new Peer({ name: checkout, command: [process.execPath, '--import', 'tsx', ...serve(checkout)] }, 1, [core])
  const [ours, theirs] = [peer(here), peer(other)]
  try {
    const [thisReady, otherReady] = [await ours.prepare(given), await theirs.prepare(given)]
    const rounds = await takeTurns(ours, theirs)
    return { rounds, thisNodes: thisReady.nodes ?? 0, otherNodes: otherReady.nodes ?? 0 }
  } finally {
    for (const one of [ours, theirs]) one.quit()
  }
}

/** After a round of warm-up: rounds of turns so short that what else the machine does falls on both alike. */
async function takeTurns(ours: Peer, theirs: Peer): Promise<Round[]> {
  const { cpuMsPerStep } = await ours.run(5)
  const steps = Math.max(1, Math.round(turnMs / cpuMsPerStep))
  const turns = Math.ceil((1e3 * Number(values.seconds)) / (steps * cpuMsPerStep))
  const rounds: Round[] = []
  for (let round = 0; round <= Math.ceil(Number(values.rounds) / pairs); round++) {
    let [thisMs, otherMs] = [0, 0]
    for (let turn = 0; turn < turns; turn++) {
      thisMs += (await ours.run(steps)).cpuMsPerStep / turns
      otherMs += (await theirs.run(steps)).cpuMsPerStep / turns
    }
    rounds.push({ thisMs, otherMs })
  }
  return rounds.slice(1)
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN
}

function line({ name, median, low, high, thisMs, otherMs, thisNodes, otherNodes, load }: Row): string {
  const ratio = `${median.toFixed(3)}  [${low.toFixed(3)}, ${high.toFixed(3)}]`
  const times = [thisMs, otherMs].map((ms) => `${ms.toFixed(3).padStart(8)} ms`).join(' /')
  return `${name.padEnd(46)}${ratio}  ${times}  ${thisNodes} / ${otherNodes} nodes  load ${load.toFixed(1)}`
}

function commitOf(checkout: string): string {
  const git = (...args: string[]) => execFileSync('git', ['-C', checkout, ...args], { encoding: 'utf8' }).trim()
  return `${git('rev-parse', '--short', 'HEAD')}${git('status', '--porcelain', 'src') === '' ? '' : ' with changes'}`
}

function versionOf(checkout: string, name: string): string {
  const { version }: { version: string } = JSON.parse(
    readFileSync(join(checkout, 'node_modules', name, 'package.json'), 'utf8'),
  )
  return version
}

const say = (text: string) => values.json || process.stdout.write(`${text}\n`)
const commits = { this: commitOf(here), other: commitOf(other) }
say(
  `${cpus()[0]?.model}, core ${core} of ${cpus().length}; ${commits.this} / ${commits.other}, processor time of a step`,
)
const rows: Row[] = []
for (const program of programs) rows.push(...(await compareAll(program)))

const report = {
  machine: { model: cpus()[0]?.model, cores: cpus().length },
  date: new Date().toISOString(),
  versions: { node: process.versions.node, onnxruntime: versionOf(here, 'onnxruntime-node') },
  commits,
  rounds: Number(values.rounds),
  pairs,
  rows,
}
const results = join(here, 'bench/results')
mkdirSync(results, { recursive: true })
writeFileSync(
  join(results, `against-${report.date.replace(/[:.]/g, '-')}.json`),
  `${JSON.stringify(report, null, 2)}\n`,
)
if (values.json) process.stdout.write(`${JSON.stringify(report)}\n`)
