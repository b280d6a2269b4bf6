import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeComparison } from '../../src/report/render/comparison/write.js'
import { madeUpSpec, madeUpTrial } from '../report/made-up.js'
import { writeStudy } from '../report/study.js'

// A thousand trials with curves: 200 variants of 5 seeds over 200 test examples.
const variants = 200
const seeds = [1, 2, 3, 4, 5]
const root = mkdtempSync(join(tmpdir(), 'seqlab-scale-'))

beforeAll(async () => {
  const trials = Array.from({ length: variants }, (_, at) =>
    seeds.map((seed) => {
      const label = `hidden=${at}`
      const spec = { ...madeUpSpec, train: { ...madeUpSpec.train, batchSize: 8 + at } }
      return madeUpTrial({
        label,
        seed,
        spec,
        study: 'large',
        wrong: 0.05 + at / 1000,
        variant: { 'train.batchSize': 8 + at },
        examples: 200,
        steps: 5000,
        parameters: 1000 * at + 5,
      })
    }),
  ).flat()
  await writeStudy(join(root, 'large'), trials)
}, 300_000)

afterAll(() => rmSync(root, { recursive: true, force: true }))

describe('a study of a thousand trials', () => {
  it('is compared within ten seconds of processor time, into a page under 5 MB', async () => {
    const before = process.cpuUsage()
    const startMs = performance.now()
    const { paths, report } = await writeComparison(join(root, 'large'))
    const used = process.cpuUsage(before)
    const cpuMs = (used.user + used.system) / 1000
    const bytes = statSync(paths[0] ?? '').size
    console.log(
      `1,000 trials: ${Math.round(performance.now() - startMs)} ms (${Math.round(cpuMs)} ms of processor time), page ${(bytes / 1e6).toFixed(2)} MB`,
    )
    expect(report.groups[0]?.trials).toHaveLength(1000)
    expect(report.groups[0]?.metrics[0]?.pairs).toHaveLength((variants * (variants - 1)) / 2)
    expect(cpuMs).toBeLessThan(10_000)
    expect(bytes).toBeLessThan(5e6)
  }, 120_000)
})
