import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { knownReproductions, storedReproduction } from '../../../../src/report/analysis/reproductions/known.js'
import { type Reproduction, studyPath, writeReproduction } from '../../../../src/store/index.js'
import { taggerText } from '../../../spec/plan/loaded.js'

const folder = mkdtempSync(join(tmpdir(), 'seqlab-known-'))
afterAll(() => rmSync(folder, { recursive: true }))

const figures = [{ metric: 'token-accuracy', value: 0.9 }]
const study = (source: string) => `${taggerText}published: ${JSON.stringify({ source, figures })}\n`

test('the studies of a folder that have published results, by name', () => {
  writeFileSync(join(folder, 'tags.yaml'), study('Ada 1843'))
  writeFileSync(join(folder, 'chunks.yaml'), study('Babbage 1837'))
  // What is no study of published results, and what an editor leaves beside one.
  writeFileSync(join(folder, 'plain.yaml'), taggerText)
  writeFileSync(join(folder, 'tags.yaml.orig'), study('before'))
  mkdirSync(join(folder, 'records'), { recursive: true })
  expect(knownReproductions(folder)).toEqual([
    { name: 'chunks', file: join(folder, 'chunks.yaml'), published: { source: 'Babbage 1837', figures } },
    { name: 'tags', file: join(folder, 'tags.yaml'), published: { source: 'Ada 1843', figures } },
  ])
})

test('the record of one of them is kept under its name; others have none', () => {
  const record: Reproduction = {
    ...{ schemaVersion: 1, study: 'tags', command: 'seqlab reproduce tags', date: '2026-01-02T03:04:05.000Z' },
    ...{ machine: 'two cores', versions: { seqlab: ['0.1.0'] }, trainMs: 5, trials: [], figures: [], claims: [] },
  }
  writeReproduction(folder, record)
  mkdirSync(join(folder, 'records'), { recursive: true })
  // It is a copy of the study's own.
  renameSync(studyPath(folder, 'reproduction'), join(folder, 'records', 'tags.json'))
  expect(storedReproduction(folder, 'tags')).toEqual(record)
  expect(storedReproduction(folder, 'chunks')).toBeUndefined()
})
