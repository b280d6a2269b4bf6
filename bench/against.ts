// A step of this checkout beside the same step of another one with its own node_modules: processes take turns on one core,
// and the ratio of their processor time, this / other, is shown with the 95 % interval of its median over rounds.
// usage: npm run bench:against -- DIR [--rounds 15] [--seconds 0.4] [--cases greedy,coverage] [--json]
// --cases: those whose names hold one of these. Results are kept in bench/results.
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
    json: { type: 'boolean', default: false },
  },
})
if (positionals[0] === undefined) throw new RangeError('usage: npm run bench:against -- DIR')
const here = fileURLToPath(new URL('..', import.meta.url))
const other = resolve(positionals[0])

interface Comparison {
  readonly name: string
  /** What the peers are given. */
  readonly given: object
  /** Of a checkout: the program that serves it, and its arguments. */
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

const wanted = values.cases.split(',')
const comparisons: readonly Comparison[] = [
  ...benchCases.map((given) => ({
    ...{ name: given.name, given },
    serve: (checkout: string) => [join(checkout, 'bench/step/serve.ts')],
  })),
  ...specCases.map((given) => ({
    ...{ name: given.name, given },
    serve: (checkout: string) => [join(here, 'bench/against/serve-spec.ts'), checkout],
  })),
].filter(({ name }) => wanted.some((part) => name.includes(part)))

/** Both are made ready, warmed up for a turn, and take turns; who is first changes from round to round. */
async function compare({ name, given, serve }: Comparison): Promise<Row> {
  const core = [cpus().length - 1]
  const peer = (checkout: string) =>
    new Peer({ name: checkout, command: [process.execPath, '--import', 'tsx', ...serve(checkout)] }, 1, core)
  const [ours, theirs] = [peer(here), peer(other)]
  try {
    const [thisReady, otherReady] = [await ours.prepare(given), await theirs.prepare(given)]
    const { cpuMsPerStep } = await ours.run(5)
    const steps = Math.max(1, Math.round((1e3 * Number(values.seconds)) / cpuMsPerStep))
    const turn = async (one: Peer) => (await one.run(steps)).cpuMsPerStep
    for (const one of [ours, theirs]) await turn(one)
    const rounds: Round[] = []
    for (let round = 0; round < Number(values.rounds); round++) {
      const swapped = round % 2 === 1
      const [first, second] = [await turn(swapped ? theirs : ours), await turn(swapped ? ours : theirs)]
      rounds.push(swapped ? { thisMs: second, otherMs: first } : { thisMs: first, otherMs: second })
    }
    return {
      ...{ name, ...medianRatio(rounds), load: loadavg()[0] ?? Number.NaN },
      ...{ thisMs: median(rounds.map(({ thisMs }) => thisMs)), otherMs: median(rounds.map(({ otherMs }) => otherMs)) },
      ...{ thisNodes: thisReady.nodes ?? 0, otherNodes: otherReady.nodes ?? 0 },
    }
  } finally {
    for (const one of [ours, theirs]) one.quit()
  }
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN
}

function line({ name, median, low, high, thisMs, otherMs, thisNodes, otherNodes, load }: Row): string {
  const ratio = `${median.toFixed(3)}  [${low.toFixed(3)}, ${high.toFixed(3)}]`
  const times = [thisMs, otherMs].map((ms) => `${ms.toFixed(3).padStart(8)} ms`).join(' /')
  return `${name.padEnd(38)}${ratio}  ${times}  ${thisNodes} / ${otherNodes} nodes  load ${load.toFixed(1)}`
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
say(`${cpus()[0]?.model}, one core of ${cpus().length}; ${commits.this} / ${commits.other}, processor time of a step`)
const rows: Row[] = []
for (const comparison of comparisons) {
  const row = await compare(comparison)
  rows.push(row)
  say(line(row))
}

const report = {
  machine: { model: cpus()[0]?.model, cores: cpus().length },
  date: new Date().toISOString(),
  versions: { node: process.versions.node, onnxruntime: versionOf(here, 'onnxruntime-node') },
  commits,
  rounds: Number(values.rounds),
  rows,
}
const results = join(here, 'bench/results')
mkdirSync(results, { recursive: true })
writeFileSync(
  join(results, `against-${report.date.replace(/[:.]/g, '-')}.json`),
  `${JSON.stringify(report, null, 2)}\n`,
)
if (values.json) process.stdout.write(`${JSON.stringify(report)}\n`)
