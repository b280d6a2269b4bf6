import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { check, compare, SeqlabError, type TrainEvent, train } from '../../src/index.js'

// Trials run in processes of the built program (`npm test` builds first).
const folder = mkdtempSync(join(tmpdir(), 'seqlab-library-'))
const out = join(folder, 'runs')
afterAll(() => rmSync(folder, { recursive: true }))
const base = resolve('test/spec/broken/base.yaml')

async function eventsOf(events: AsyncIterable<TrainEvent>): Promise<TrainEvent[]> {
  const all: TrainEvent[] = []
  for await (const event of events) all.push(event)
  return all
}

test('a study trains every variant, writes its comparison, and trains nothing the second time', async () => {
  const study = join(folder, 'study.yaml')
  writeFileSync(study, `extends: ${base}\ngrid: { model.encoder.hidden: [8, 16] }\nbudget: { steps: 2 }\n`)
  const run = train(study, { out, workers: 1 })
  const kinds = (await eventsOf(run.events)).map(({ kind }) => kind)
  const { status, records, pages, comparison, directory } = await run.outcome
  expect([status, records.length, pages]).toEqual(['completed', 2, []])
  expect(kinds.filter((kind) => kind === 'trial-finished')).toHaveLength(2)
  expect(existsSync(comparison?.path ?? '')).toBe(true)
  expect((await compare(directory)).studies[0]?.command).toBe(`seqlab sweep ${study} --out ${out}`)
  const again = train(study, { out, workers: 1 })
  expect((await eventsOf(again.events)).map(({ kind }) => kind)).toEqual(['started'])
  expect((await again.outcome).records).toEqual(records)
})

test('an aborted signal trains nothing, and the same call continues', async () => {
  const options = { out, name: 'aborted', set: ['train.steps=2'], workers: 1 }
  const run = train(base, { ...options, signal: AbortSignal.abort() })
  const kinds = (await eventsOf(run.events)).map(({ kind }) => kind)
  expect([(await run.outcome).status, kinds]).toEqual(['interrupted', ['started']])
  const { status, pages } = await train(base, options).outcome
  expect([status, pages.length]).toEqual(['completed', 1])
})

test('files with errors reject the outcome with all of them, and end the events with the same', async () => {
  const set = ['train.batchSize=0', 'model.encoder.hidden=0']
  const run = train(base, { out, set })
  const reading = eventsOf(run.events)
  const error = await run.outcome.catch((reason: unknown) => reason)
  if (!(error instanceof SeqlabError)) throw new RangeError('no error')
  expect([error.code, error.problems.length]).toEqual(['spec', 2])
  expect(error.message).toContain('The specs have 2 errors:')
  await expect(reading).rejects.toBe(error)
  expect((await check(base, { set })).problems).toHaveLength(2)
  await expect(train(base, { out, only: ['nothing'] }).outcome).rejects.toMatchObject({ code: 'spec' })
})

test('an empty path is refused by its name, and is not the working directory', async () => {
  const paths = ['out', 'name', 'dataDir']
  const empty = Object.fromEntries(paths.map((path) => [path, '']))
  await expect(train(base, empty).outcome).rejects.toMatchObject({
    code: 'spec',
    problems: paths.map((path) => ({ path, message: 'is empty' })),
  })
})
