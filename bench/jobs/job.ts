import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { versions } from '../../src/runner/versions.js'

export const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** What one program took for one seed, from its start to its end, and how good what it trained is. */
export interface Measured {
  readonly seconds: number
  readonly quality: Readonly<Record<string, number>>
}

export interface Place {
  /** Where data, models and runs go. */
  readonly work: string
  /** The folder that holds what is published elsewhere (g2p/). */
  readonly data: string | undefined
  /** Few steps, to see that everything works. */
  readonly short: boolean
}

/** A whole training job that a peer and seqlab do by one recipe. */
export interface Job {
  /** The peer's package. */
  readonly peer: string
  /** Its environment, which `bench/peers/venv` makes by this name. */
  readonly environment: string
  readonly firstSeed: number
  /** Of the qualities measured, which way is better. */
  readonly better: Readonly<Record<string, 'higher' | 'lower'>>
  /** Makes or finds the data that both read. */
  prepare(place: Place): void
  runPeer(place: Place, seed: number): Measured
  runSeqlab(place: Place, seed: number): Measured
}

/** What differs between jobs whose words Yoyodyne reads. */
interface WordJob {
  readonly name: string
  /** Trains the peer. */
  readonly script: string
  /** What must be in the folder of data, in words. */
  readonly files: string
  /** What the script is told of the folder of data. */
  readonly peerReads: (data: string) => readonly string[]
  /** seqlab's spec. */
  readonly spec: string
  /** Of a short run. */
  readonly fewSteps: number
}

/** Share of words that are right in whole, and symbols that are wrong, by Yoyodyne's own recipe. */
function besideYoyodyne({ name, script, files, peerReads, spec, fewSteps }: WordJob): Job {
  return {
    peer: 'yoyodyne',
    environment: 'yoyodyne',
    firstSeed: 1,
    better: { accuracy: 'higher', ser: 'lower' },
    prepare: ({ data }) => {
      if (data !== undefined) return
      throw new Error(`${name} reads ${files}: name their folder with --data-dir or SEQLAB_DATA`)
    },
    runPeer: ({ work, data = '', short }, seed) => {
      const few = short ? ['--epochs', '1'] : []
      const given = [script, ...peerReads(data), work, '--seed', `${seed}`]
      const { seconds, accuracy, ser } = python('yoyodyne', [...given, ...few])
      return { seconds: Number(seconds), quality: { accuracy: Number(accuracy), ser: Number(ser) } }
    },
    runSeqlab: ({ work, data = '', short }, seed) => {
      const few = short ? ['--set', `train.steps=${fewSteps}`] : []
      const { seconds, predictions } = seqlab(spec, data, work, seed, few)
      const { test } = python('yoyodyne', ['score.py', 'g2p', predictions]) as unknown as Scores
      return { seconds, quality: { accuracy: test.accuracy ?? Number.NaN, ser: test.ser ?? Number.NaN } }
    },
  }
}

export const jobs: Readonly<Record<string, Job>> = {
  joey: {
    peer: 'joeynmt',
    environment: 'joey',
    firstSeed: 42,
    better: { testBleu: 'higher' },
    prepare: ({ work }) => {
      python('joey', ['joey_reverse.py', work, '--data-only'])
    },
    runPeer: ({ work, short }, seed) => {
      const few = short ? ['--steps', '100'] : []
      const { seconds, dev, test } = python('joey', ['joey_reverse.py', work, '--seed', `${seed}`, ...few])
      return { seconds: Number(seconds), quality: { devBleu: Number(dev), testBleu: Number(test) } }
    },
    runSeqlab: ({ work, short }, seed) => {
      const few = short ? ['--set', 'train.steps=100'] : []
      const { seconds, predictions } = seqlab('joey-reverse.yaml', work, work, seed, few)
      const { dev, test } = python('joey', ['score.py', 'bleu', predictions]) as unknown as Scores
      return { seconds, quality: { devBleu: dev.bleu ?? Number.NaN, testBleu: test.bleu ?? Number.NaN } }
    },
  },
  yoyodyne: besideYoyodyne({
    name: 'yoyodyne',
    script: 'yoyodyne_g2p.py',
    files: 'g2p/gre_{train,dev,test}.tsv.gz',
    peerReads: (data) => [join(data, 'g2p'), 'gre'],
    spec: 'yoyodyne-g2p.yaml',
    fewSteps: 36,
  }),
  inflection: besideYoyodyne({
    name: 'inflection',
    script: 'yoyodyne_inflection.py',
    files: "tur_inflection/{train,dev,test}.tsv (Yoyodyne's tests/testdata/data)",
    peerReads: (data) => [join(data, 'tur_inflection')],
    spec: 'yoyodyne-inflection.yaml',
    fewSteps: 10,
  }),
}

type Scores = Readonly<Record<'dev' | 'test', Readonly<Record<string, number>>>>

/** The Python of a peer's environment, which is made where it is not there yet. */
function interpreter(peer: string): string {
  return run('bash', [here('../peers/venv'), peer]).trim()
}

/** Runs a script of bench/peers; the last line that it prints is JSON, where there is one. */
function python(peer: string, [script = '', ...rest]: readonly string[]): Readonly<Record<string, unknown>> {
  const last = run(...onCores(interpreter(peer), [here(`../peers/${script}`), ...rest]))
    .trim()
    .split('\n')
    .at(-1)
  return last === undefined || last === '' ? {} : (JSON.parse(last) as Record<string, unknown>)
}

/** A run from start to end as a user's first: no graph is in the cache. */
function seqlab(spec: string, data: string, work: string, seed: number, more: readonly string[]) {
  const [out, cache] = [join(work, `runs-${seed}`), join(work, 'cache')]
  for (const folder of [out, cache]) rmSync(folder, { recursive: true, force: true })
  mkdirSync(cache, { recursive: true })
  const given = ['run', here(spec), '--data-dir', data, '--out', out, '--quiet', '--set', `seed=${seed}`, ...more]
  const command = onCores(process.execPath, [here('../../dist/cli/main.js'), ...given])
  const before = performance.now()
  run(...command, { XDG_CACHE_HOME: cache })
  const seconds = (performance.now() - before) / 1000
  return { seconds, predictions: found(out, 'predictions.jsonl') }
}

function found(folder: string, name: string): string {
  const path = readdirSync(folder, { recursive: true, encoding: 'utf8' }).find((each) => each.endsWith(name))
  if (path === undefined) throw new Error(`${folder} has no ${name}`)
  return join(folder, path)
}

/** The same two cores for every program, where the system supports affinity. */
function onCores(program: string, given: readonly string[]): [program: string, given: readonly string[]] {
  const cores = Math.min(2, availableParallelism())
  const pinned = spawnSync('taskset', ['-c', `0-${cores - 1}`, 'true']).status === 0
  return pinned ? ['taskset', ['-c', `0-${cores - 1}`, program, ...given]] : [program, given]
}

function run(program: string, given: readonly string[], more: Readonly<Record<string, string>> = {}): string {
  const done = spawnSync(program, given, {
    encoding: 'utf8',
    env: { ...process.env, ...more },
    maxBuffer: 2 ** 28,
  })
  if (done.status === 0) return done.stdout
  const how = done.error?.message ?? `it ended with ${done.signal ?? `code ${done.status}`}`
  throw new Error(`${[program, ...given].join(' ')}: ${how}\n${`${done.stdout}${done.stderr}`.slice(-4000)}`)
}

/** The versions of a peer's packages that matter. */
export function peerVersions(job: string): Readonly<Record<string, string>> {
  const { peer = '', environment = '' } = jobs[job] ?? {}
  const code = `import json, importlib.metadata as m
print(json.dumps({n: m.version(n) for n in ["torch", "${peer}"]}))`
  return JSON.parse(run(interpreter(environment), ['-c', code])) as Record<string, string>
}

/** A digest of seqlab's built code, so that a result is of the code that made it. */
export function seqlabCode(): string {
  return versions().code ?? ''
}

export function packageVersion(path: string): string {
  return (JSON.parse(readFileSync(here(path), 'utf8')) as { version: string }).version
}
