// samples.jsonl as validations make it: how long it becomes, what it keeps, and that an interruption changes no byte.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { parseSamples } from '../../../src/store/trial/lines.js'
import { openSamplesLog } from '../../../src/store/trial/samples-log.js'
import type { Sampled } from '../../../src/task/evaluate.js'
import type { SampledValidation } from '../../../src/train/types.js'

const root = mkdtempSync(join(tmpdir(), 'seqlab-samples-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const most = 1_000_000
const mostOfLine = 65_536

/** Eight examples of some length, whose weights and symbols take much room. */
function samplesOf(length: number, symbol: string): Sampled[] {
  const text = Array.from({ length }, () => symbol)
  return Array.from({ length: 8 }, (_, index) => ({
    example: {
      ...{ index, source: text, features: text, references: [text, text, text, text, text], hypothesis: text },
      ...{ score: -12345.678, statistics: {} },
    },
    prediction: {
      ...{ ids: [], score: -1, crossEntropyNats: 1, crossEntropyTokens: 1, tokenScores: text.map(() => -1.23456) },
      alignment: text.map(() => text.map(() => 1)),
    },
  }))
}

const about = { loss: 0.5, metrics: { ser: 0.25 }, best: true } as const

interface Course {
  /** Validations that there are at most, of which each has the next of these samples. */
  readonly planned: number
  readonly samples: readonly (readonly Sampled[])[]
  /** The last one, where training ends early. */
  readonly ended?: number
}

function validationOf({ planned, samples, ended = planned }: Course, number: number): SampledValidation {
  const chosen = samples[(number - 1) % samples.length] ?? []
  const line = { kind: 'validation', step: number, ...about } as const
  return { line, samples: chosen, number, planned, isLast: number === ended }
}

let files = 0
const newPath = () => join(root, `${files++}.jsonl`)

/** The file of a training that goes on after validation `done`, of which `before` was written. */
function fileOf(course: Course, done = 0, before?: Buffer): Buffer {
  const path = newPath()
  const log = openSamplesLog(path, before)
  const { planned, ended = planned } = course
  for (let number = done + 1; number <= ended; number++) log.add(validationOf(course, number))
  const last = validationOf(course, ended)
  // The mean of the last parameters is validated too.
  log.add({ ...last, line: { kind: 'average', step: ended, validations: 5, ...about } })
  log.sync()
  log.close()
  return readFileSync(path)
}

const stepsOf = (file: Buffer) => parseSamples(file.toString('utf8'), 'it').validations.map(({ step }) => step)

const control = '\u0001'.repeat(60)

describe('the file', () => {
  test.each([
    ['short outputs', { planned: 50_000, samples: [samplesOf(6, 'a')] }],
    ['long outputs', { planned: 5000, samples: [samplesOf(400, 'symbol')] }],
    ['symbols of many bytes', { planned: 2000, samples: [samplesOf(400, control)] }],
    [
      'outputs of all lengths',
      { planned: 9000, samples: [samplesOf(5, 'x'), samplesOf(90, '漢字'), samplesOf(400, control)] },
    ],
    ['a few validations', { planned: 3, samples: [samplesOf(400, control)] }],
    ['one validation', { planned: 1, samples: [samplesOf(400, control)] }],
    ['an early end', { planned: 20_000, samples: [samplesOf(40, 'abc')], ended: 777 }],
  ])('stays under a megabyte at a validation each step, and ends with the last one: %s', (_, course: Course) => {
    const file = fileOf(course)
    expect(file.length).toBeLessThan(most)
    for (const line of file.toString('utf8').split('\n')) expect(Buffer.byteLength(line)).toBeLessThan(mostOfLine)
    const steps = stepsOf(file)
    const { planned, ended = planned } = course
    expect(steps[0]).toBe(1)
    expect(steps.slice(-2)).toEqual([ended, ended])
    expect(steps.length).toBeGreaterThanOrEqual(Math.min(ended + 1, 10))
  })

  test('has every validation where all of them have room', () => {
    const steps = stepsOf(fileOf({ planned: 200, samples: [samplesOf(6, 'a')] }))
    expect(steps).toEqual([...Array.from({ length: 200 }, (_, at) => at + 1), 200])
  })

  test('shows each doubling of training about as often as the others', () => {
    const steps = stepsOf(fileOf({ planned: 2 ** 14, samples: [samplesOf(12, 'ab')] }))
    const within = (from: number) => steps.filter((step) => step > from && step <= 2 * from).length
    for (const from of [2 ** 6, 2 ** 8, 2 ** 10, 2 ** 12, 2 ** 13]) {
      expect(within(from)).toBeGreaterThan(0.7 * within(2 ** 9))
      expect(within(from)).toBeLessThan(1.4 * within(2 ** 9))
    }
  })

  test('is the same to the byte wherever training was interrupted', () => {
    const course = { planned: 300, samples: [samplesOf(9, 'ab'), samplesOf(40, 'abc')] }
    const whole = fileOf(course)
    const lines = whole.toString('utf8').split('\n')
    const ofWhole = stepsOf(whole)
    expect(ofWhole.length).toBeLessThan(200)
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 299 }), (done) => {
        const kept = ofWhole.filter((step) => step <= done).length
        const before = Buffer.from(
          lines
            .slice(0, kept + 1)
            .map((line) => `${line}\n`)
            .join(''),
        )
        expect(fileOf(course, done, before).equals(whole)).toBe(true)
      }),
      { numRuns: 40, seed: 1 },
    )
  })

  test('is not there where nothing is validated', () => {
    const path = newPath()
    const log = openSamplesLog(path, undefined)
    expect(log.sync()).toBeUndefined()
    log.close()
    expect(() => readFileSync(path)).toThrow('ENOENT')
  })

  test('of another version is refused with both versions; a line that is none with its number', () => {
    const text = fileOf({ planned: 1, samples: [samplesOf(2, 'a')] }).toString('utf8')
    expect(() => parseSamples(text.replace('"schemaVersion":1', '"schemaVersion":2'), 'samples.jsonl')).toThrow(
      'has schema version 2; this version of seqlab reads version 1',
    )
    expect(() => parseSamples(`${text}{"kind":"validation"}\n`, 'samples.jsonl')).toThrow(
      'samples.jsonl:4 has unexpected content',
    )
  })
})
