import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { figuresText, withClusterFigures } from '../../docs/cluster-figures.js'
import { loadProfile } from '../../src/spec/cluster/load-profile.js'
import { RedisOptions, SlurmOptions } from '../../src/spec/cluster/options.js'
import { queueEvents } from '../cluster/queue/events.js'
import { slurmEvents } from '../cluster/slurm/events.js'
import { snippetsOf, whereOf } from './support.js'

const page = 'docs/cluster.md'
const text = readFileSync(page, 'utf8')

/** The rows of the table that follows a heading, without its head. */
function rowsUnder(heading: string): readonly (readonly string[])[] {
  const section = text.slice(text.indexOf(`\n${heading}\n`))
  const rows = section.slice(section.indexOf('\n|') + 1).split('\n')
  const end = rows.findIndex((row) => !row.startsWith('|'))
  return rows.slice(2, end).map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )
}

const profiles = snippetsOf(page).filter(({ language, mark }) => language === 'yaml' && mark === 'profile')

test.each(profiles.map((snippet) => [whereOf(snippet), snippet.text]))('%s is a profile', (_, profile) => {
  const file = join(mkdtempSync(join(tmpdir(), 'profiles-')), 'profile.yaml')
  writeFileSync(file, profile)
  expect(loadProfile(file).problems).toEqual([])
})

test.each([
  ['Slurm', '### What the keys mean', SlurmOptions.properties],
  ['a queue', '### What the keys of a queue mean', RedisOptions.properties],
])('every key of a profile of %s is explained, with its default', (_, heading, properties) => {
  const rows = rowsUnder(heading)
  const keys = rows.map(([key = '']) => key.replaceAll('`', ''))
  expect(keys.toSorted()).toEqual(Object.keys(properties).toSorted())
  const written = new Map(rows.map(([key = '', value = '']) => [key.replaceAll('`', ''), value.replaceAll('`', '')]))
  for (const [key, schema] of Object.entries(properties)) {
    if ('default' in schema && typeof schema.default !== 'object') expect(written.get(key)).toBe(String(schema.default))
  }
})

test('figures are those of the newest record', () => {
  expect(withClusterFigures(text)).toBe(text)
})

test('figures of a record are quoted with their goals', () => {
  const redis = { trials: 1000, workers: 4, localSeconds: 60, redisSeconds: 80, overheadMs: 20, keysLeft: 5 }
  const simulated = { trials: 100_000, machines: 1000, virtualHours: 9, seconds: 900, msAnEvent: 0.45, peakMiB: 700 }
  const quoted = figuresText({
    date: '2026-11-29T00:00:00.000Z',
    machine: { model: 'CPU', cores: 2 },
    redis: { ...redis, coordinatorHeapMiB: [51, 56], redisMiB: [2.4, 2.5] },
    simulated: { ...simulated, cpuMsAnEvent: 0.3, takingMsAnEvent: 0.1, listSeconds: 12 },
    compared: { trials: 10_000, seconds: 33, pageMiB: 5 },
  })
  expect(quoted).toContain('| 20.0 ms more a trial (80.0 s, 60.0 s) | 50 ms |')
  expect(quoted).toContain('| 0.450 ms an event, all that is written included; 700 MiB at most | 1 ms, 1,024 MiB |')
  expect(quoted).toContain('| `seqlab compare` of 10,000 trials | 33.0 s | 60 s |')
})

test('every failure over Redis names its test, and every test its row', () => {
  const named = rowsUnder('### Over Redis').map(([, , name = '']) => name)
  const events = Object.keys(queueEvents).filter((name) => name !== 'nothing happens')
  expect(named.toSorted()).toEqual(events.toSorted())
})

test('every failure on Slurm names its test, and every test its row', () => {
  const named = rowsUnder('### On Slurm').map(([, , name = '']) => name)
  const events = Object.keys(slurmEvents).filter((name) => name !== 'nothing at all')
  expect(named.filter((name) => name !== '').toSorted()).toEqual(events.toSorted())
})
