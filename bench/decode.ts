// npm run bench:decode [-- --model FOLDER --reverse FOLDER --rounds N]: sentences a second of greedy search and of a beam of 5.
// - by the main job's model (configs/attention-additive.yaml, trained for a short while where no folder is given) at batch 1 and
//   64, next to the same model in plain PyTorch, which takes as many steps; and the time of `seqlab predict` to its first line;
// - by a model of Joey NMT's reverse task, next to Joey NMT's own `translate` by its own model. Both are trained in `--reverse`
//   (by default in the cache) where they are not there yet.
// One thread each, in turns, in one run, by processor time: medians over rounds, and of the ratio in each round.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { packageRoot } from '../src/core/package.js'
import { openModel } from '../src/inference/open-model.js'
import { findModel } from '../src/store/index.js'
import { firstLine } from './decode/first-line.js'
import { openJoey } from './decode/joey.js'
import { againstPyTorch } from './decode/main-job.js'
import { openPyTorch } from './decode/pytorch.js'
import { beamOf5, type Case, cpuSeconds, greedy, median, type Row, rowOf, rowText } from './decode/turns.js'
import { writeBenchRecord } from './record.js'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '9' },
    model: { type: 'string' },
    reverse: {
      type: 'string',
      default: join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'seqlab', 'decode'),
    },
  },
})
const rounds = Number(values.rounds)
const program = join(packageRoot, 'dist', 'cli', 'main.js')
const spec = 'configs/attention-additive.yaml'
const reverseSpec = 'bench/jobs/joey-reverse.yaml'
const reverseSteps = 1500
const reverseBatch = 64
const leastRatio = 1.5
const leastJoeyRatio = 3
const mostSeconds = 1
const say = (line: string) => process.stdout.write(`${line}\n`)

function train(file: string, out: string, settings: readonly string[], more: readonly string[] = []): void {
  say(`training ${file} for a short while`)
  const args = [program, 'run', file, '--out', out, '--quiet', ...more, ...settings.flatMap((each) => ['--set', each])]
  const { status } = spawnSync(process.execPath, args, { cwd: packageRoot, stdio: ['ignore', 'ignore', 'inherit'] })
  if (status !== 0) throw new Error(`seqlab run ended with code ${status}`)
}

/** Words of the dictionary, of all lengths. */
function wordsOf(count: number): string[] {
  const file = join(packageRoot, 'node_modules', 'cmu-pronouncing-dictionary', 'index.js')
  const all = [...readFileSync(file, 'utf8').matchAll(/^\s*"?([a-z]+)"?:/gm)].map(([, word = '']) => word)
  return Array.from({ length: count }, (_, at) => all[at * Math.floor(all.length / count)] ?? '')
}

const cases: readonly (Case & { readonly sentences: number })[] = [
  { name: 'greedy, batch 1', decode: greedy, beam: 1, batch: 1, sentences: 64 },
  { name: 'greedy, batch 64', decode: greedy, beam: 1, batch: 64, sentences: 256 },
  { name: 'beam 5, batch 1', decode: beamOf5, beam: 5, batch: 1, sentences: 64 },
  { name: 'beam 5, batch 64', decode: beamOf5, beam: 5, batch: 64, sentences: 256 },
]

async function mainJob(folder: string) {
  const model = await openModel(folder)
  const { source, target } = model.description.vocabularies
  const sizes = { source: source?.symbols.length ?? 0, target: target?.symbols.length ?? 0 }
  const torch = await openPyTorch({ ...sizes, embedding: 64, hidden: 128, attention: 128 })
  const words = wordsOf(256)
  const rows: Row[] = []
  for (const { sentences, ...each } of cases) {
    rows.push(await againstPyTorch(model, torch, words.slice(0, sentences), each, rounds))
  }
  for (const row of rows) say(rowText(row, leastRatio))
  torch?.close()
  await model.dispose()
  return { rows, torch: torch?.version ?? null }
}

/** The reverse task, all of its test set's sources at once, as `translate` reads them. */
async function reverse(folder: string) {
  const out = join(folder, 'runs')
  // Of a training that was interrupted there is a folder, and no model: it goes on.
  const trained = await findModel('joey-reverse', out).then(
    () => true,
    () => false,
  )
  const joey = await openJoey(folder, reverseSteps, (data) => {
    const settings = [`train.steps=${reverseSteps}`, 'train.validate.every=500']
    if (!trained) train(reverseSpec, out, settings, ['--data-dir', data])
  })
  if (joey === undefined) {
    say('Joey NMT is not installed: bench/peers/venv joey makes its environment')
    return { rows: [], joey: null }
  }
  const model = await openModel(await findModel('joey-reverse', out))
  const rows: Row[] = []
  for (const [name, decode, beam] of [
    ['greedy', greedy, 1],
    ['beam 5', beamOf5, 5],
  ] as const) {
    const sources = joey.sources.slice(0, 512)
    const turns: { own: number; peer: number }[] = []
    let [symbols, peers] = [0, 0]
    for (let round = -1; round < Math.ceil(rounds / 2); round++) {
      const own = await cpuSeconds(async () => {
        const outputs = await model.predict(sources, { decode, maxLength: 30 })
        symbols = outputs.reduce((sum, { tokens }) => sum + tokens.length, 0)
      })
      const peer = await joey.translate(sources, beam, reverseBatch)
      peers = peer.symbols
      if (round >= 0) turns.push({ own: sources.length / own, peer: sources.length / peer.seconds })
    }
    rows.push(rowOf(`reverse, ${name}, batch ${reverseBatch}`, 'Joey NMT', turns))
    say(rowText(rows.at(-1) as Row, leastJoeyRatio))
    say(
      `  symbols of an output: ${(symbols / sources.length).toFixed(1)}, Joey NMT ${(peers / sources.length).toFixed(1)}`,
    )
  }
  joey.close()
  await model.dispose()
  return { rows, joey: joey.versions }
}

/** Medians of the time to the first line. */
async function start(folder: string) {
  const starts = []
  for (let round = 0; round < rounds; round++) starts.push(await firstLine(program, folder, 'attention'))
  const [seconds, processor] = [
    median(starts.map((each) => each.seconds)),
    median(starts.map((each) => each.processor)),
  ]
  say(
    `first line                 ${seconds.toFixed(2)} s from the start (at most ${mostSeconds.toFixed(1)} s), ${processor.toFixed(2)} s of the processor`,
  )
  return { seconds, processor }
}

const out = mkdtempSync(join(tmpdir(), 'seqlab-decode-'))
const shorter = ['train.steps=600', 'train.validate.every=300', 'data.split.dev=200', 'data.split.test=200']
if (values.model === undefined) train(spec, out, shorter)
const folder = await findModel(values.model ?? 'attention-additive', out)
const main = await mainJob(folder)
const first = await start(folder)
const reversed = await reverse(values.reverse)
rmSync(out, { recursive: true })

writeBenchRecord('decode', {
  ...{ torch: main.torch, joey: reversed.joey, rounds },
  ...{ sentencesPerSecond: [...main.rows, ...reversed.rows], firstLine: first },
})
