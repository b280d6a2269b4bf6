import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { command, type Ran } from './command.js'

const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))

/** Runs the built program in a folder, in a process of its own; its input is empty unless given. */
export async function built(cwd: string, args: readonly string[], input: string | Buffer = ''): Promise<Ran> {
  const child = spawn(process.execPath, [program, ...args], { cwd, env: { ...process.env, NO_COLOR: '1' } })
  const [out, err]: [Buffer[], Buffer[]] = [[], []]
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk))
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  const [code] = await once(child, 'close')
  return { code, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() }
}

const letters = 'abcdef'
/** Words of 2 to 6 letters, all different. */
const words = Array.from({ length: 60 }, (_, at) =>
  Array.from({ length: 2 + (at % 5) }, (_, place) => letters[(at * (place + 1) + Math.floor(at / 5) + place) % 6]).join(
    '',
  ),
)
const train = (steps: number) => ({
  steps,
  batchSize: 8,
  maxShapes: 1,
  optimizer: { type: 'adam', learningRate: 0.02 },
  validate: { every: steps },
})
const embedding = { representation: { type: 'embedding', size: 6 } }
const encoder = { cell: 'gru', hidden: 8 }
const sets = (lines: readonly string[], separator = '\n') => ({
  train: `${lines.slice(0, -24).join(separator)}\n`,
  dev: `${lines.slice(-24, -12).join(separator)}\n`,
  test: `${lines.slice(-12).join(separator)}\n`,
})
const files = (ending: string) => ({ train: `train.${ending}`, dev: `dev.${ending}`, test: `test.${ending}` })
const reversed = (word: string) => [...word].reverse().join('')
const steps = Array.from({ length: 120 }, (_, t) =>
  [10 + 3 * Math.sin(t / 3) + (t % 7) / 10, t % 5].map((value) => value.toFixed(3)).join(','),
)

interface TinyRun {
  readonly spec: object
  readonly files: Readonly<Record<string, string>>
}

function given(lines: readonly string[], ending: string, separator?: string): TinyRun['files'] {
  return Object.fromEntries(Object.entries(sets(lines, separator)).map(([set, text]) => [`${set}.${ending}`, text]))
}

/** A tiny run of each task, whose data are in files: `test.*` has the test set (of a series, what its windows see). */
export const tinyRuns: Readonly<Record<string, TinyRun>> = {
  transduce: {
    files: given(
      words.map((word) => `${word}\t${reversed(word)}`),
      'tsv',
    ),
    spec: {
      task: 'transduce',
      data: {
        source: { type: 'tsv', ...files('tsv') },
        sourceTokens: 'characters',
        targetTokens: 'characters',
      },
      model: {
        ...{ source: embedding, target: embedding, encoder },
        context: { from: 'attention', scorer: 'additive' },
        decoder: { cell: 'gru', hidden: 8, receives: 'every-step' },
      },
      train: train(60),
      decode: { type: 'beam', width: 3 },
      metrics: ['ser', 'cer', 'exact-match', 'cross-entropy', 'perplexity'],
    },
  },
  tag: {
    files: given(
      words.map((word) =>
        [...word].map((letter, at) => `${letter} ${letter < 'c' ? (at % 2 === 0 ? 'B-X' : 'O') : 'B-Y'}`).join('\n'),
      ),
      'txt',
      '\n\n',
    ),
    spec: {
      task: 'tag',
      data: { source: { type: 'tagged', ...files('txt') } },
      model: { source: embedding, encoder },
      train: train(12),
      metrics: ['token-accuracy', 'slot-f1', 'macro-f1', 'exact-match', 'cross-entropy'],
    },
  },
  classify: {
    files: given(
      words.map((word) => `${word}\t${word < 'c' ? 'low' : word < 'e' ? 'middle' : 'high'}`),
      'tsv',
    ),
    spec: {
      task: 'classify',
      data: { source: { type: 'tsv', ...files('tsv') }, sourceTokens: 'characters' },
      model: { source: embedding, encoder, context: 'last-state' },
      train: train(20),
      metrics: ['accuracy', 'macro-f1', 'cross-entropy'],
    },
  },
  'language-model': {
    files: given(words, 'txt'),
    spec: {
      task: { type: 'language-model', chunk: 8 },
      data: { source: { type: 'text', ...files('txt') }, sourceTokens: 'characters' },
      model: { source: embedding, encoder },
      train: train(20),
      metrics: ['perplexity', 'bits-per-character'],
    },
  },
  lines: {
    files: given(words, 'txt'),
    spec: {
      task: 'language-model',
      data: { source: { type: 'text', ...files('txt') }, sourceTokens: 'characters' },
      model: { source: embedding, encoder },
      train: train(20),
      metrics: ['perplexity', 'cross-entropy'],
    },
  },
  forecast: {
    files: {
      'train.csv': `wave,saw\n${steps.join('\n')}\n`,
      // The last 30 steps are the test part; the first window that forecasts them sees the 6 before.
      'test.csv': `wave,saw\n${steps.slice(-36).join('\n')}\n`,
    },
    spec: {
      task: 'forecast',
      data: { source: { type: 'series', file: 'train.csv', window: 6, horizon: 2 }, split: { dev: 20, test: 30 } },
      model: { source: { representation: 'numbers' }, encoder, context: 'last-state' },
      train: train(20),
      metrics: ['mae', 'rmse', 'mase'],
    },
  },
}

/** A new folder with a tiny run's files and `runs/<name>` trained from `<name>.yaml`. */
export async function trainTiny(name: string, change: object = {}): Promise<string> {
  const tiny = tinyRuns[name]
  if (tiny === undefined) throw new RangeError(`There is no tiny run ${name}`)
  const folder = mkdtempSync(join(tmpdir(), `seqlab-${name}-`))
  mkdirSync(folder, { recursive: true })
  for (const [file, text] of Object.entries(tiny.files)) writeFileSync(join(folder, file), text)
  await trainIn(folder, name, { ...tiny.spec, ...change })
  return folder
}

/** Trains a spec in a folder. */
export async function trainIn(folder: string, name: string, spec: object): Promise<void> {
  writeFileSync(join(folder, `${name}.yaml`), JSON.stringify({ name, ...spec }))
  const { code, stderr } = await command(['run', `${name}.yaml`, '--quiet', '--workers', '1'], { cwd: folder })
  if (code !== 0) throw new Error(stderr)
}
