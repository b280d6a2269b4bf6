// One training step of seqlab next to PyTorch, JAX and TF.js on tfjs-node: the same models, sizes, batch, clipping and optimizer;
// who runs takes turns, on the same cores, and medians are shown.
// usage: npm run bench:step -- [--sizes tiny,small,medium] [--models gru-attention,...] [--who seqlab,pytorch,...]
//        [--threads 1,2] [--rounds 9] [--seconds 0.5] [--prepare-only] [--json]
// --prepare-only: no steps, but how long it takes until the first; `--sizes medium,tiny-100` has the longest graphs.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type Case, longSizes, matrixFlops, models, otherModels, sizes } from './step/cases.js'
import { gemmPeak } from './step/gemm.js'
import { everyone, Peer, peerPython, type Turn, type Who } from './step/peers.js'
import { threadsLine } from './step/threads.js'

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: Object.keys(sizes).join(',') },
    models: { type: 'string', default: Object.keys({ ...models, ...otherModels }).join(',') },
    who: { type: 'string' },
    threads: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '9' },
    seconds: { type: 'string', default: '0.5' },
    'prepare-only': { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})

/** Without the times of a step where it was only made ready. */
interface Row extends Partial<Timed> {
  readonly size: string
  readonly model: string
  readonly who: string
  readonly threads: number
  /** Until two steps are done. */
  readonly prepareMs: number
  /** Of seqlab: the state's memory, the gradients' too. */
  readonly stateBytes?: number
  readonly nodes?: number
  readonly traceMs?: number
  readonly sessionMs?: number
}

interface Timed {
  readonly msPerStep: number
  /** The process's own time on all cores: what is left of the figure where other processes share the machine. */
  readonly cpuMsPerStep: number
  readonly rooflineFraction: number
}

const list = (text: string) => text.split(',').filter((item) => item !== '')

function casesOf(): { size: string; model: string; which: Case }[] {
  return list(values.models).flatMap((model) =>
    list(values.sizes).map((size) => {
      const [form, of] = [models[model] ?? otherModels[model], sizes[size] ?? longSizes[size]]
      if (form === undefined || of === undefined) throw new RangeError(`No model "${model}" of size "${size}"`)
      return { size, model, which: { name: size, ...form, size: of } }
    }),
  )
}

/** One case: everyone is made ready, then takes turns of about `seconds` each. */
async function measure(who: readonly Who[], threads: number, which: Case): Promise<Measured[]> {
  const pinned = spawnSync('taskset', ['-c', '0', 'true']).status === 0
  const cores = pinned ? Array.from({ length: threads }, (_, core) => cpus().length - 1 - core) : undefined
  const peers = who.map((one) => new Peer(one, threads, cores))
  try {
    const ready: Record<string, number>[] = []
    for (const peer of peers) ready.push(await peer.prepare(which))
    if (values['prepare-only']) return who.map(({ name }, index) => ({ name, ready: ready[index] ?? {} }))
    const steps: number[] = []
    for (const peer of peers) {
      const { msPerStep } = await peer.run(2)
      steps.push(Math.max(1, Math.round((1e3 * Number(values.seconds)) / msPerStep)))
    }
    const turns = peers.map((): Turn[] => [])
    for (let round = 0; round < Number(values.rounds); round++) {
      for (const [index, peer] of peers.entries()) turns[index]?.push(await peer.run(steps[index] ?? 1))
    }
    return who.map(({ name }, index) => ({ name, ready: ready[index] ?? {}, ...medianTurn(turns[index] ?? []) }))
  } finally {
    for (const peer of peers) peer.quit()
  }
}

interface Measured extends Partial<Turn> {
  readonly name: string
  readonly ready: Readonly<Record<string, number>>
}

function medianTurn(turns: readonly Turn[]): Turn {
  return {
    msPerStep: median(turns.map(({ msPerStep }) => msPerStep)),
    cpuMsPerStep: median(turns.map(({ cpuMsPerStep }) => cpuMsPerStep)),
  }
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  return sorted[sorted.length >> 1] ?? Number.NaN
}

function say(line: string): void {
  if (!values.json) process.stdout.write(`${line}\n`)
}

function show(rows: readonly Row[]): void {
  const own = rows.find(({ who }) => who === 'seqlab')
  for (const row of rows) {
    const against = (of: (row: Partial<Timed>) => number) =>
      own === undefined ? '' : `${(of(row) / of(own)).toFixed(2)}x`.padStart(7)
    const cell = (of: (row: Partial<Timed>) => number) => `${of(row).toFixed(2).padStart(9)} ms${against(of)}`
    const graph = row.nodes
      ? `${row.nodes} nodes, trace ${row.traceMs?.toFixed(0)} ms, session ${row.sessionMs?.toFixed(0)} ms, state ${((row.stateBytes ?? 0) / 1e6).toFixed(1)} MB`
      : ''
    const roof = `${(100 * (row.rooflineFraction ?? Number.NaN)).toFixed(0).padStart(3)} %`
    const times = `${cell(({ msPerStep = Number.NaN }) => msPerStep)}   cpu ${cell(({ cpuMsPerStep = Number.NaN }) => cpuMsPerStep)} ${roof}`
    const prepared = `ready in ${row.prepareMs.toFixed(0).padStart(6)} ms`
    const shown = row.msPerStep === undefined ? prepared : times
    say(`${row.model.padEnd(23)}${row.size.padEnd(9)}${row.who.padEnd(10)}${shown}  ${graph}`)
  }
}

const wanted = values.who === undefined ? undefined : list(values.who)
const who = (await everyone()).filter(({ name }) => wanted === undefined || wanted.includes(name))
if (peerPython() === undefined) say('PyTorch and JAX are left out: `bench/peers/venv step` makes their environment.')
if (!who.some(({ name }) => name === 'tfjs-node')) say('tfjs-node is left out: `npm run engine:tfjs-node` builds it.')

const rows: Row[] = []
for (const threads of list(values.threads).map(Number)) {
  const peak = await gemmPeak(threads)
  say(
    `\n${cpus()[0]?.model}, ${threads} thread: matrix products at ${peak.toFixed(0)} GFLOP/s; load ${loadavg()[0]?.toFixed(1)}`,
  )
  for (const { size, model, which } of casesOf()) {
    const knowing = who.filter(({ knowsAll }) => knowsAll === true || model in models)
    const results = await measure(knowing, threads, which)
    const found = results.map(({ name, ready, msPerStep, cpuMsPerStep }): Row => {
      const graph = ready.nodes
        ? {
            ...{ nodes: ready.nodes, traceMs: ready.traceMs ?? 0, sessionMs: ready.sessionMs ?? 0 },
            stateBytes: ready.stateBytes ?? 0,
          }
        : {}
      const times =
        msPerStep === undefined || cpuMsPerStep === undefined
          ? {}
          : { msPerStep, cpuMsPerStep, rooflineFraction: matrixFlops(which) / 1e6 / msPerStep / peak }
      return { size, model, who: name, threads, ...times, prepareMs: ready.prepareMs ?? 0, ...graph }
    })
    show(found)
    rows.push(...found)
  }
}

const byThreads = list(values.threads)
if (byThreads.length > 1 && !values['prepare-only']) {
  say('\nThreads that seqlab computes with (a lone trial has as many as pay for its size):')
  for (const { size, model, which } of casesOf()) {
    const own = rows.filter((row) => row.who === 'seqlab' && row.size === size && row.model === model)
    const times = new Map(own.map(({ threads, msPerStep = Number.NaN }) => [threads, msPerStep]))
    say(threadsLine(which, `${model} ${size}`, times))
  }
}

const report = {
  machine: { model: cpus()[0]?.model, cores: cpus().length, load: loadavg() },
  date: new Date().toISOString(),
  versions: { node: process.versions.node, seqlab: packageVersion('../package.json'), ...peerVersions() },
  rows,
}
const history = fileURLToPath(new URL('results/', import.meta.url))
mkdirSync(history, { recursive: true })
writeFileSync(`${history}step-${report.date.replace(/[:.]/g, '-')}.json`, `${JSON.stringify(report, null, 2)}\n`)
if (values.json) process.stdout.write(`${JSON.stringify(report)}\n`)

function packageVersion(path: string): string {
  return (JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as { version: string }).version
}

function peerVersions(): Record<string, string> {
  const runtime = { onnxruntime: packageVersion('../node_modules/onnxruntime-node/package.json') }
  const python = peerPython()
  if (python === undefined) return runtime
  const code = `
import json
from importlib.metadata import distributions
version = {each.name: each.version for each in distributions()}
print(json.dumps({name: version[of] for name, of in {"pytorch": "torch", "jax": "jax"}.items() if of in version}))`
  const { stdout } = spawnSync(python, ['-c', code], { encoding: 'utf8' })
  return { ...runtime, ...(JSON.parse(stdout) as Record<string, string>) }
}
