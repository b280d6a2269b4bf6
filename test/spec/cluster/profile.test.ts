import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadProfile } from '../../../src/spec/cluster/load-profile.js'
import { RedisOptions, SlurmOptions } from '../../../src/spec/cluster/options.js'
import { durationMs, sizeBytes } from '../../../src/spec/cluster/units.js'
import { writtenClusterSchema } from '../../../src/spec/schema.js'

/** A poll that found nothing new may be followed by one so many times later (the Slurm fleet). */
const pollsApart = 6

const file = join(mkdtempSync(join(tmpdir(), 'profiles-')), 'uni.yaml')

function load(...lines: readonly string[]) {
  writeFileSync(file, `${lines.join('\n')}\n`)
  return loadProfile(file)
}

const said = (...lines: readonly string[]) =>
  load(...lines).problems.map(({ place, path, message }) => `${place?.line}:${place?.column} ${path}: ${message}`)

test('a profile has every default filled in', () => {
  expect(load('executor: slurm', 'time: 4h', 'setup: [module load nodejs]')).toEqual({
    profile: {
      executor: 'slurm',
      ...{ time: '4h', lead: '2m', cores: 1, pack: 'auto', poll: '30s', grace: '60s' },
      setup: ['module load nodejs'],
    },
    problems: [],
  })
  expect(load('executor: redis').profile).toEqual({
    executor: 'redis',
    ...{ queue: 'seqlab', lease: '60s', grace: '5m', poll: '30s', keep: '7d', largestFile: '4GiB', jobs: 10_000 },
  })
})

test('every error is told at once, at its place, with the nearest name', () => {
  expect(
    said('executor: slurm', 'partiton: cpu', 'time: 2m', 'memory: 8GB', 'cores: 0', 'pack: soon', 'setup: [3]'),
  ).toEqual([
    '6:7 pack: has no allowed form',
    '2:1 partiton: `partiton` is not a key of a profile; did you mean `partition`?',
    '4:9 memory: has the wrong form',
    '5:8 cores: is too small',
    '7:9 setup.0: has the wrong type',
    '3:7 time: leaves a job no time to train: it is asked to save 2m (`lead`) before the limit, which Slurm may do 60 s earlier',
  ])
  expect(said('executor: slrum')).toEqual([
    '1:11 executor: `slrum` is not an executor of a cluster; did you mean `slurm`?',
  ])
  expect(said('executor: slurm')).toEqual([
    '1:1 time: a profile needs `time` (Time limit of a job (`--time`, in whole minutes). Trials that need longer save before it, and go on in the next job. From 1m to 365d)',
  ])
  expect(load('executor: redis', 'partition: cpu').problems[0]?.hint).toBe('`partition` is an option of `slurm`')
  expect(said('[a, b]')).toEqual(['1:1 : a profile is a map of keys and values'])
})

test.each([
  ['time: 3m', false],
  ['time: 1m\nlead: 10s', false],
  ['time: 181s', true],
  ['time: 91s\nlead: 30s', true],
  ['time: 90s\nlead: 30s', false],
])('a time limit must leave time to train: %s', (text, valid) => {
  expect(load('executor: slurm', text).problems.length === 0).toBe(valid)
})

test('durations are within what timers and clusters can do, and are told at once', () => {
  expect(said('executor: slurm', 'time: 4h', 'poll: 0s', 'grace: 25d', 'lead: -3s')).toEqual([
    '5:7 lead: has the wrong form',
    '3:7 poll: has the wrong form',
    '4:8 grace: is too long',
  ])
  // 25 days are more than the 2^31 ms that a timer holds.
  expect(said('executor: redis', 'lease: 25d', 'poll: 0.5s', 'keep: 999999d', 'grace: 0.0m')).toEqual([
    '5:8 grace: has the wrong form',
    '2:8 lease: is too long',
    '3:7 poll: is too short',
    '4:7 keep: is too long',
  ])
  expect(load('executor: redis', 'poll: 2h').problems).toEqual([
    expect.objectContaining({ path: 'poll', expected: 'from 1s to 1h', received: '2h' }),
  ])
})

test('no duration of a profile is longer than a timer holds, but those that only Slurm and Redis count', () => {
  const counted = ['time', 'keep']
  for (const properties of [SlurmOptions.properties, RedisOptions.properties])
    for (const [key, schema] of Object.entries(properties)) {
      if (!('x-most' in schema) || counted.includes(key)) continue
      expect(pollsApart * durationMs(String(schema['x-most'])), key).toBeLessThan(2 ** 31)
    }
})

test('a lease is not shorter than the time in which it is looked at, and nothing expires that is waited for', () => {
  expect(said('executor: redis', 'lease: 10s', 'poll: 20s')).toEqual([
    '2:8 lease: is shorter than `poll`: what is lost is looked for once in that time',
  ])
  expect(said('executor: redis', 'keep: 2m')).toEqual([
    '2:7 keep: is shorter than `grace`: what is waited for would have expired',
  ])
  expect(said('executor: redis', 'lease: 30s', 'poll: 30s', 'grace: 1m', 'keep: 1m')).toEqual([])
})

test.each(['-x', '"a b"', '"a\\nb"', '"a\\0b"', "it's", `'"x"'`, 'a\\b', '"`id`"', '""', '12'])(
  'a word of a command line is one word: %s',
  (text) => {
    for (const key of ['partition', 'account', 'qos', 'constraint'])
      expect(load('executor: slurm', 'time: 4h', `${key}: ${text}`).problems).toEqual([
        expect.objectContaining({ path: key, expected: expect.stringContaining('does not begin with -') }),
      ])
  },
)

test.each(['cpu,long', 'nlp-2', 'avx512&gpu', '[rack1|rack2]', 'intel*2', '"12"'])('a word may be %s', (text) => {
  expect(
    load('executor: slurm', 'time: 4h', `constraint: ${text.startsWith('[') ? `"${text}"` : text}`).problems,
  ).toEqual([])
})

test('nothing takes no memory, and a line of shell is one that a shell reads', () => {
  expect(said('executor: slurm', 'time: 4h', 'memory: 0GiB', 'setup: ["a\\0b", ""]')).toEqual([
    '3:9 memory: has the wrong form',
    '4:9 setup.0: has the wrong form',
    '4:17 setup.1: has the wrong form',
  ])
  expect(said('executor: redis', 'largestFile: 0.0GiB')).toEqual(['2:14 largestFile: has the wrong form'])
})

test.each([
  'url: redis://me:secret@host:6379',
  'partition: https://me:secret@host/',
  'setup: ["export SEQLAB_REDIS_URL=rediss://me:secret@host"]',
  'setup: ["curl https://me:secret@host/x"]',
])('an address is refused, and not repeated: %s', (line) => {
  const { problems } = load('executor: slurm', 'time: 4h', line)
  expect(problems.map(({ message }) => message)).toEqual(['is the address of a service, which a profile may not hold'])
  expect(JSON.stringify(problems)).not.toContain('secret')
})

test('durations and sizes', () => {
  expect(['90s', '1.5h', '2m', '1d'].map(durationMs)).toEqual([90_000, 5_400_000, 120_000, 86_400_000])
  expect(['800MiB', '1.5GiB'].map(sizeBytes)).toEqual([838_860_800, 1_610_612_736])
})

test('the schema for editors is the one that the command prints', () => {
  expect(JSON.parse(readFileSync('schema/cluster.schema.json', 'utf8'))).toEqual(writtenClusterSchema())
})
