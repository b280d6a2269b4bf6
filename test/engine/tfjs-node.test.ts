import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { createEngine } from '../../src/engine/index.js'

const folder = mkdtempSync(join(tmpdir(), 'seqlab-engines-'))
afterAll(() => rmSync(folder, { recursive: true }))

const failure: unknown = await createEngine('tfjs-node', { threads: 1 }).then(
  (engine) => engine.dispose(),
  (error: unknown) => error,
)

it('says how to get an engine that is not installed', () => {
  // Where it is installed, there is nothing to refuse.
  if (failure !== undefined)
    expect(failure).toMatchObject({ code: 'engine', hint: expect.stringMatching(/npm|Node 20/) })
})

/** Preloaded into every process and thread of a run: notes each file that is an instance of TF.js, and who loads it. */
const probe = `
  const { threadId } = require('node:worker_threads')
  const Module = require('node:module')
  const load = Module._load
  Module._load = function (request, parent, isMain) {
    const loaded = load.apply(this, arguments)
    const file = Module._resolveFilename(request, parent, isMain)
    if (/tf-core\\.node\\.js$|dist.tfjs\\.cjs$/.test(file))
      require('node:fs').appendFileSync(process.env.PROBE, process.pid + '/' + threadId + ' ' + file.split(/[\\\\/]/).at(-1) + '\\n')
    return loaded
  }`

const spec = `
task: tag
data:
  source: { type: inline, examples: [[a b, X Y], [b a, Y X], [a a, X X], [b b, Y Y], [a, X], [b, Y]] }
  split: { dev: 1, test: 1 }
model:
  source: { representation: one-hot }
  encoder: { cell: gru, hidden: 4 }
train: { optimizer: adam, steps: 2, validate: { every: 2 } }
`

/** Instances of TF.js in each thread that has any, in a run of the built program. */
function instances(engine: string): string[][] {
  const [file, log, preload] = ['spec.yaml', `${engine}.log`, 'probe.cjs'].map((name) => join(folder, name))
  if (file === undefined || log === undefined || preload === undefined) throw new RangeError()
  writeFileSync(file, spec)
  writeFileSync(preload, probe)
  execFileSync(process.execPath, ['dist/cli/main.js', 'run', file, '--out', join(folder, engine), '--engine', engine], {
    env: { ...process.env, NODE_OPTIONS: `--require ${preload}`, PROBE: log },
    stdio: 'pipe',
  })
  const lines = existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []
  const threads = [...new Set(lines.map((line) => line.split(' ')[0]))]
  return threads.map((thread) => {
    const loaded = lines.filter((line) => line.startsWith(`${thread} `)).map((line) => line.split(' ')[1] ?? '')
    return [...new Set(loaded)]
  })
}

it('a thread that computes with the bundled TF.js has that one instance', () => {
  expect(instances('tfjs-cpu')).toEqual([['tfjs.cjs']])
})

it.skipIf(failure !== undefined)(
  'a thread that computes with tfjs-node has the TF.js that tfjs-node brings, and no other',
  () => {
    expect(instances('tfjs-node')).toEqual([['tf-core.node.js']])
  },
)
