// npm run bench:decode [-- --model FOLDER --rounds N]: sentences a second of greedy search and of a beam of 5 by the main job's
// model (configs/attention-additive.yaml, trained for a short while where no folder is given), at batch 1 and 64, next to the
// same model in plain PyTorch, which takes as many steps; and the time from the start of `seqlab predict` to its first line.
// One thread each, in turns, in one run, by processor time, which other programs' load does not change: medians and ratios.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { packageRoot } from '../src/core/package.js'
import type { DecodeOptions } from '../src/decode/index.js'
import { openModel, type TrainedModel } from '../src/inference/open-model.js'
import { versions } from '../src/runner/versions.js'
import { findModel } from '../src/store/index.js'
import { firstLine } from './decode/first-line.js'
import { type Asked, openPyTorch, type PyTorch } from './decode/pytorch.js'

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '7' }, model: { type: 'string' } } })
const rounds = Number(values.rounds)
const program = join(packageRoot, 'dist', 'cli', 'main.js')
const spec = 'configs/attention-additive.yaml'
const leastRatio = 1.5
const mostSeconds = 1

/** Trains the main job's model until most outputs end. */
function trainShortly(out: string): void {
  const shorter = ['train.steps=600', 'train.validate.every=300', 'data.split.dev=200', 'data.split.test=200']
  const args = [program, 'run', spec, '--out', out, '--quiet', ...shorter.flatMap((each) => ['--set', each])]
  process.stdout.write(`training ${spec} for 600 steps\n`)
  const { status } = spawnSync(process.execPath, args, { cwd: packageRoot, stdio: ['ignore', 'ignore', 'inherit'] })
  if (status !== 0) throw new Error(`seqlab run ended with code ${status}`)
}

/** Words of the dictionary, of all lengths. */
function wordsOf(count: number): string[] {
  const file = join(packageRoot, 'node_modules', 'cmu-pronouncing-dictionary', 'index.js')
  const all = [...readFileSync(file, 'utf8').matchAll(/^\s*"?([a-z]+)"?:/gm)].map(([, word = '']) => word)
  return Array.from({ length: count }, (_, at) => all[at * Math.floor(all.length / count)] ?? '')
}

interface Case {
  readonly name: string
  readonly decode: DecodeOptions
  readonly beam: number
  readonly batch: number
  /** Sentences that are decoded in a turn. */
  readonly sentences: number
}

const greedy: DecodeOptions = { type: 'greedy' }
const beamOf5: DecodeOptions = { type: 'beam', width: 5, lengthNormalisation: 0, nBest: 1 }
const cases: readonly Case[] = [
  { name: 'greedy, batch 1', decode: greedy, beam: 1, batch: 1, sentences: 32 },
  { name: 'greedy, batch 64', decode: greedy, beam: 1, batch: 64, sentences: 256 },
  { name: 'beam 5, batch 1', decode: beamOf5, beam: 5, batch: 1, sentences: 32 },
  { name: 'beam 5, batch 64', decode: beamOf5, beam: 5, batch: 64, sentences: 256 },
]

function batchesOf<T>(items: readonly T[], size: number): (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size))
}

async function seqlabSeconds(model: TrainedModel, words: readonly string[], { decode, batch }: Case): Promise<number> {
  const before = process.cpuUsage()
  for (const some of batchesOf(words, batch)) await model.predict(some, { decode })
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6
}

/** The same words in the same batches; each takes as many steps as its longest output has, and one for its end. */
async function askedOf(model: TrainedModel, words: readonly string[], { decode, batch, beam }: Case): Promise<Asked[]> {
  const symbols = model.description.vocabularies.source?.symbols ?? []
  const ids = new Map(symbols.map((symbol, id) => [symbol, id]))
  const asked: Asked[] = []
  for (const some of batchesOf(words, batch)) {
    const outputs = await model.predict(some, { decode })
    const steps = Math.max(...outputs.map(({ tokens }) => tokens.length)) + 1
    asked.push({ sources: outputs.map(({ source }) => source.map((token) => ids.get(token) ?? 3)), steps, beam })
  }
  return asked
}

async function torchSeconds(torch: PyTorch, batches: readonly Asked[]): Promise<number> {
  let total = 0
  for (const each of batches) total += await torch.seconds(each)
  return total
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN
}

async function measure(model: TrainedModel, torch: PyTorch | undefined, all: readonly string[]) {
  const rows = []
  for (const each of cases) {
    const words = all.slice(0, each.sentences)
    const asked = await askedOf(model, words, each)
    const [own, peer]: [number[], number[]] = [[], []]
    for (let round = 0; round <= rounds; round++) {
      const seconds = await seqlabSeconds(model, words, each)
      const other = torch === undefined ? Number.NaN : await torchSeconds(torch, asked)
      // The first round makes both ready.
      if (round === 0) continue
      own.push(words.length / seconds)
      peer.push(words.length / other)
    }
    rows.push({ name: each.name, seqlab: median(own), pytorch: torch === undefined ? null : median(peer) })
  }
  return rows
}

const out = mkdtempSync(join(tmpdir(), 'seqlab-decode-'))
if (values.model === undefined) trainShortly(out)
const folder = await findModel(values.model ?? 'attention-additive', out)
const model = await openModel(folder)
const { description } = model
const torch = await openPyTorch({
  source: description.vocabularies.source?.symbols.length ?? 0,
  target: description.vocabularies.target?.symbols.length ?? 0,
  ...{ embedding: 64, hidden: 128, attention: 128 },
})
if (torch === undefined) process.stdout.write('PyTorch is not installed: bench/peers/venv step makes its environment\n')
process.stdout.write('Joey NMT is not compared here: its own model is another one (npm run bench:jobs trains it)\n')

const words = wordsOf(256)
const rows = await measure(model, torch, words)
for (const { name, seqlab, pytorch } of rows) {
  const peer =
    pytorch === null
      ? ''
      : `  PyTorch ${torch?.version} ${pytorch.toFixed(0).padStart(6)}  ratio ${(seqlab / pytorch).toFixed(2)} (at least ${leastRatio})`
  process.stdout.write(`${name.padEnd(18)} seqlab ${seqlab.toFixed(0).padStart(6)} sentences/s${peer}\n`)
}
const starts: number[] = []
for (let round = 0; round < rounds; round++) starts.push(await firstLine(program, folder, 'attention'))
process.stdout.write(
  `first line         ${median(starts).toFixed(2)} s from the start (at most ${mostSeconds.toFixed(1)} s)\n`,
)

torch?.close()
await model.dispose()
rmSync(out, { recursive: true })
const [processor] = cpus()
const machine = { model: processor?.model, cores: cpus().length, load: loadavg() }
const report = {
  ...{ machine, date: new Date().toISOString(), versions: versions(), torch: torch?.version ?? null, rounds },
  sentencesPerSecond: rows,
  firstLineSeconds: median(starts),
}
const results = fileURLToPath(new URL('results/', import.meta.url))
mkdirSync(results, { recursive: true })
writeFileSync(`${results}decode-${report.date.replace(/[:.]/g, '-')}.json`, `${JSON.stringify(report, null, 2)}\n`)
