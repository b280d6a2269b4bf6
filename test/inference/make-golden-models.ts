/**
 * Makes test/goldens/models/<task>/: a tiny trained model of each task as a run leaves it in `model/`, and what the run
 * itself predicted with it on its test set (expected.json). `npm run build`, then `npx tsx test/inference/make-golden-models.ts
 * [task...]`. They are made once for a schema version and then opened for ever: do not make them again to get a test to pass.
 */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Source } from '../../src/inference/sources.js'
import { findRun, readPredictions } from '../../src/store/index.js'
import type { PredictionLine } from '../../src/train/types.js'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

const words = [
  'ba',
  'abc',
  'cab',
  'dad',
  'bad',
  'cc',
  'add',
  'dab',
  'ab',
  'bcd',
  'acdc',
  'da',
  'db',
  'aca',
  'bdb',
  'dcba',
]
const wave = Array.from({ length: 40 }, (_, t) =>
  [10 + 3 * Math.sin(t / 2), t % 4].map((value) => Number(value.toFixed(3))),
)
const window = 5
const horizon = 2

const inline = (examples: readonly (readonly [string, string])[]) => ({
  type: 'inline',
  train: examples.slice(0, -4),
  dev: examples.slice(-4, -2),
  test: examples.slice(-2),
})
const reversed = (word: string) => [...word].reverse().join('')
const kinds = (word: string) => [...word].map((letter) => (letter < 'c' ? 'low' : 'high')).join(' ')
const embedding = { representation: { type: 'embedding', size: 4 } }
const train = {
  steps: 200,
  batchSize: 6,
  maxShapes: 1,
  optimizer: { type: 'adam', learningRate: 0.03 },
  validate: { every: 50 },
}

const specs: Readonly<Record<string, object>> = {
  transduce: {
    data: {
      source: inline(words.map((word) => [word, reversed(word)])),
      sourceTokens: 'characters',
      targetTokens: 'characters',
    },
    model: {
      source: { representation: 'one-hot' },
      target: embedding,
      encoder: { cell: 'gru', hidden: 4, bidirectional: true },
      context: { from: 'attention', scorer: 'additive' },
      decoder: { cell: 'gru', hidden: 4, receives: 'both' },
    },
    decode: { type: 'beam', width: 2 },
  },
  generate: {
    data: {
      source: inline(words.slice(0, 8).flatMap((word) => [[word[0] ?? '', word]])),
      sourceTokens: 'whitespace',
      targetTokens: 'characters',
    },
    model: { source: embedding, target: embedding, decoder: { cell: 'lstm', hidden: 4, receives: 'first-step' } },
  },
  tag: {
    data: {
      source: inline(words.map((word) => [[...word].join(' '), kinds(word)])),
      sourceTokens: 'whitespace',
      targetTokens: 'whitespace',
    },
    model: { source: embedding, encoder: { cell: 'elman', hidden: 4 } },
  },
  classify: {
    data: {
      source: inline(words.map((word) => [word, word.length > 2 ? 'long' : 'short'])),
      sourceTokens: 'characters',
    },
    model: {
      source: { representation: 'bag-of-words' },
      encoder: { cell: 'feed-forward', hidden: 4 },
      context: { from: 'all-states' },
    },
  },
  'language-model': {
    data: {
      source: { type: 'text', unit: 'line', text: words.join('\n') },
      sourceTokens: 'characters',
      split: { dev: 2, test: 2 },
    },
    model: { source: embedding, encoder: { cell: 'gru', hidden: 4 } },
  },
  forecast: {
    data: { source: { type: 'series', values: wave, window, horizon }, split: { dev: 8, test: 8 } },
    model: {
      source: { representation: 'numbers' },
      encoder: { cell: 'lstm', hidden: 4 },
      context: { from: 'last-state' },
    },
  },
}

/** A trial's folder, trained by the program as users run it. */
async function trained(task: string, spec: object, out: string): Promise<string> {
  const file = join(out, `${task}.json`)
  writeFileSync(file, JSON.stringify({ task, ...spec, train }))
  execFileSync(process.execPath, [here('../../dist/cli/main.js'), 'run', file, '--out', out, '--quiet'], {
    stdio: 'inherit',
  })
  return findRun(task, out)
}

/** The test examples: what the model is to read, and what the run predicted. */
function expectedOf(task: string, lines: readonly PredictionLine[]) {
  if (task === 'forecast') {
    const last = lines.at(-1)
    const source: Source = wave.slice(-window - horizon, -horizon)
    return [{ source, tokens: [], score: 0, values: last?.values?.predicted ?? [] }]
  }
  const joiner = task === 'tag' ? ' ' : ''
  return lines.map(({ source, hypothesis, score, candidates }) => {
    return { source: source.join(joiner), tokens: hypothesis, score, ...(candidates && { candidates }) }
  })
}

const out = mkdtempSync(join(tmpdir(), 'seqlab-models-'))
const wanted = process.argv.slice(2)
for (const [task, spec] of Object.entries(specs)) {
  if (wanted.length > 0 && !wanted.includes(task)) continue
  const directory = await trained(task, spec, out)
  const folder = here(`../goldens/models/${task}`)
  mkdirSync(folder, { recursive: true })
  cpSync(join(directory, 'model'), folder, { recursive: true })
  const lines = readPredictions(directory).filter(({ split }) => split === 'test')
  writeFileSync(join(folder, 'expected.json'), `${JSON.stringify(expectedOf(task, lines), null, 1)}\n`)
}
rmSync(out, { recursive: true })
