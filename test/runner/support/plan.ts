import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { loadDataset } from '../../../src/data/load.js'
import type { RunOptions } from '../../../src/runner/events.js'
import { loadSpecs } from '../../../src/spec/plan/load-specs.js'
import { planTrials } from '../../../src/spec/plan/trials.js'
import type { Plan } from '../../../src/spec/types.js'

/** Words of three letters to the same letters backwards: 12 to learn from, 2 and 2 held out. */
const letters = [...'abcd']
const words = letters.flatMap((a, first) => letters.map((b) => `${a}${b}${letters[(first + 1) % 4]}`))
const pairs = words.map((word) => [word, [...word].reverse().join('')])

export interface Shape {
  readonly seeds: number
  readonly steps: number
  readonly every: number
  readonly hidden?: readonly number[]
  /** Searches that every trained model is evaluated with. */
  readonly decodes?: readonly unknown[]
  /** Replaces parts of the spec. */
  readonly change?: Readonly<Record<string, unknown>>
}

/** A plan of real trials that take a moment each: every hidden size times every seed. */
export async function tinyPlan(
  study: string,
  { seeds, steps, every, hidden = [4], decodes = [undefined], change = {} }: Shape,
): Promise<Plan> {
  const directory = mkdtempSync(join(tmpdir(), 'specs-'))
  const all = hidden.flatMap((size) => decodes.map((decode, index) => ({ size, decode, index })))
  const files = all.map(({ size, decode, index }) => {
    const file = join(directory, `hidden-${size}${index === 0 ? '' : `-search-${index}`}.yaml`)
    const search = decode === undefined ? {} : { decode }
    writeFileSync(file, stringify({ ...writtenSpec(size, steps, every), ...search, ...change }))
    return file
  })
  const { specs, problems } = loadSpecs(files)
  if (problems.length > 0) throw new Error(JSON.stringify(problems))
  const sides = { source: 'tokens', target: 'tokens' } as const
  const ready = specs.map(async (loaded) => ({
    ...loaded,
    dataset: await loadDataset(loaded.spec.data, sides, { baseDir: loaded.baseDir }),
  }))
  const numbers = Array.from({ length: seeds }, (_, index) => index + 1)
  return planTrials(await Promise.all(ready), { name: study, seeds: numbers }).plan
}

function writtenSpec(hidden: number, steps: number, every: number) {
  return {
    task: 'transduce',
    data: {
      source: { type: 'inline', train: pairs.slice(0, 12), dev: pairs.slice(12, 14), test: pairs.slice(14, 16) },
      sourceTokens: 'characters',
      targetTokens: 'characters',
    },
    model: {
      source: { representation: { type: 'embedding', size: 4 } },
      target: { representation: { type: 'embedding', size: 4 } },
      encoder: { cell: 'gru', hidden },
      context: { from: 'last-state' },
      decoder: { cell: 'gru', hidden, receives: 'both' },
    },
    train: { optimizer: { type: 'adam', learningRate: 0.01 }, batchSize: 4, steps, validate: { every } },
    metrics: ['per'],
  }
}

export function runOptions(outDir: string, more: Partial<RunOptions> = {}): RunOptions {
  return {
    outDir,
    workers: 2,
    isolation: 'thread',
    engine: 'tfjs-cpu',
    fresh: false,
    retryFailed: false,
    force: false,
    collect: false,
    command: 'seqlab test',
    ...more,
  }
}

/** What must be the same on every run of a trial, file by file: the record is taken without clock values, memory and attempts. */
export function lastingBytes(trialDirectory: string): Record<string, string> {
  const read = (name: string) => {
    const path = join(trialDirectory, name)
    return existsSync(path) ? readFileSync(path) : Buffer.from('missing')
  }
  const { timings: _, memory: ___, attempts: __, machine: ____, ...record } = JSON.parse(read('record.json').toString())
  return {
    'record.json': JSON.stringify(record),
    'metrics.jsonl': read('metrics.jsonl').toString(),
    'samples.jsonl': read('samples.jsonl').toString(),
    'predictions.jsonl': read('evaluations/final/predictions.jsonl').toString(),
    'checkpoint/state.bin': createHash('sha256').update(read('checkpoint/state.bin')).digest('hex'),
    ...evaluationBytes(trialDirectory),
  }
}

/** All files of a trial's evaluations, by their paths in its folder. */
export function evaluationBytes(trialDirectory: string): Record<string, string> {
  const directory = join(trialDirectory, 'evaluations')
  if (!existsSync(directory)) return {}
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const paths = files.map(({ parentPath, name }) => join(parentPath, name)).sort()
  return Object.fromEntries(paths.map((path) => [path.slice(trialDirectory.length + 1), readFileSync(path, 'utf8')]))
}

/** The lasting bytes of every trial of a study, by trial. */
export function studyBytes(directory: string): Record<string, Record<string, string>> {
  const folders = readdirSync(directory, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  const trials = folders.map(({ name }) => name).filter((name) => name !== 'attempts')
  return Object.fromEntries(trials.map((name) => [name, lastingBytes(join(directory, name))]))
}
