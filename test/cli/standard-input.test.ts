import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { type PrepareOptions, prepare } from '../../src/spec/prepare.js'
import { readStartingState } from '../../src/store/index.js'
import { built } from '../support/trained-runs.js'

const folder = mkdtempSync(join(tmpdir(), 'seqlab-stdin-'))
afterAll(() => rmSync(folder, { recursive: true }))

const pairs = Array.from({ length: 12 }, (_, at) => `${'abc'[at % 3]}${'xyzw'[at % 4]}\t${at % 2}`)
const data = `${pairs.join('\n')}\n`

function specOf(source: object, split: object = { dev: 2, test: 2 }): string {
  const file = join(folder, 'x.yaml')
  const spec = {
    name: 'x',
    task: 'classify',
    data: { source, sourceTokens: 'characters', split },
    model: {
      source: { representation: { type: 'embedding', size: 2 } },
      encoder: { cell: 'elman', hidden: 2 },
      context: { from: 'last-state' },
    },
    train: { optimizer: 'sgd', steps: 1, validate: { every: 1 } },
  }
  writeFileSync(file, JSON.stringify(spec))
  return file
}

const problemsOf = async (source: object, standardInput?: PrepareOptions['standardInput'], split?: object) => {
  const options = { kind: 'either', readState: readStartingState, standardInput } as const
  const { problems, plan } = await prepare([specOf(source, split)], options)
  return { problems, plan }
}

test('a run through a pipe is that of a file: the bytes are kept with the runs, for workers and later', async () => {
  specOf({ type: 'tsv', file: '-' })
  const { code, stderr } = await built(folder, ['run', 'x.yaml', '--quiet', '--workers', '1'], data)
  expect([code, stderr]).toEqual([0, ''])
  const [kept = ''] = readdirSync(join(folder, 'runs/stdin'))
  expect(readFileSync(join(folder, 'runs/stdin', kept), 'utf8')).toBe(data)
  writeFileSync(join(folder, 'data.tsv'), data)
  const { plan } = await problemsOf({ type: 'tsv', file: 'data.tsv' })
  const [trial = ''] = plan?.trials.map(({ id }) => id) ?? []
  expect(readdirSync(join(folder, 'runs/x'))).toContain(trial)
  expect(readFileSync(join(folder, 'runs/x', trial, 'spec.yaml'), 'utf8')).toContain(`file: runs/stdin/${kept}`)
})

test('what is wrong with it is said of stdin, with the line; it is read once', async () => {
  const path = join(folder, 'bad')
  writeFileSync(path, 'a\tb\nc\n')
  let reads = 0
  const keep = async () => {
    reads++
    return path
  }
  const { problems } = await problemsOf({ type: 'tsv', file: '-' }, keep)
  expect(problems).toMatchObject([{ place: { file: 'stdin', line: 2 } }])
  expect(reads).toBe(1)
  const twice = await problemsOf({ type: 'tsv', train: '-', test: '-' }, keep, { dev: 2 })
  expect(twice.problems).toMatchObject([
    { path: 'data.source.test', place: { line: 1 }, hint: expect.stringMatching(/read once/) },
  ])
  expect(reads).toBe(1)
  writeFileSync(path, '\n')
  const empty = await problemsOf({ type: 'tsv', file: '-' }, keep)
  expect(empty.problems).toMatchObject([{ message: 'stdin: the file is empty', place: { line: 1 } }])
  const nowhere = await problemsOf({ type: 'tsv', file: '-' })
  expect(nowhere.problems).toMatchObject([
    { path: 'data.source.file', message: 'standard input cannot be read here', place: { line: 1 } },
  ])
})

test('`check --resolved` names standard input, and no file of its own', async () => {
  specOf({ type: 'tsv', file: '-' })
  const { code, stdout } = await built(folder, ['check', 'x.yaml', '--resolved'], data)
  expect(code).toBe(0)
  expect(stdout).toMatch(/file: ["']?-["']?\n/)
  expect(stdout).not.toContain('seqlab-stdin-')
})
