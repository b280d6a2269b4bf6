import { describe, expect, test } from 'vitest'
import { jobs } from '../../bench/jobs/job.js'
import { type Row, summarise } from '../../bench/jobs/summary.js'
import { loadSpecs } from '../../src/spec/plan/load-specs.js'

test.each(['joey-reverse', 'yoyodyne-g2p', 'yoyodyne-inflection'])('the recipe of %s is a valid spec', (name) => {
  const { specs, problems } = loadSpecs([`bench/jobs/${name}.yaml`])
  expect(problems).toEqual([])
  expect(specs.map(({ spec }) => spec.name)).toEqual([name])
})

describe('the summary of a job', () => {
  const row = (who: string, seed: number, seconds: number, accuracy: number, ser: number, code?: string): Row => {
    const of = code === undefined ? {} : { code }
    return { job: 'yoyodyne', who, seed, load: 0, seconds, quality: { accuracy, ser }, ...of }
  }
  const job = jobs.yoyodyne as NonNullable<(typeof jobs)[string]>
  // Of the peer: accuracy 0.75 ± 0.01, symbol error rate 0.04 ± 0.002.
  const peer = [row('peer', 1, 300, 0.74, 0.038), row('peer', 2, 360, 0.75, 0.04), row('peer', 3, 420, 0.76, 0.042)]
  const own = (accuracy: number, ser: number) => [1, 2].map((seed) => row('seqlab', seed, 80, accuracy, ser, 'new'))
  const verdict = (rows: readonly Row[]) => summarise('yoyodyne', job, rows, 'new').split('\n').at(-1)

  test('compares mean times, and quality by the deviation of the peer', () => {
    expect(verdict([...peer, ...own(0.745, 0.0425)])).toBe(
      "yoyodyne: seqlab is 4.50 times faster; accuracy is within one deviation of the peer's, " +
        "ser is NOT within one deviation of the peer's",
    )
    expect(verdict([...peer, ...own(0.8, 0.039)])).toMatch(/accuracy is as good or better, ser is as good or better$/)
  })

  test('leaves out what other code has taken', () => {
    const old = row('seqlab', 3, 9999, 0, 1, 'old')
    expect(verdict([...peer, ...own(0.75, 0.04), old])).toMatch(/^yoyodyne: seqlab is 4.50 times faster/)
  })

  test('does not judge by one seed of the peer', () => {
    expect(verdict([...peer.slice(0, 1), ...own(0.75, 0.04)])).toMatch(/undecided with one seed/)
  })
})
