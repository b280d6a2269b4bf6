import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeComparison } from '../../src/report/render/comparison/write.js'
import { madeUpSpec, madeUpTrial } from '../report/made-up.js'
import { writeStudy } from '../report/study.js'

// A thousand trials with curves: 200 variants of 5 seeds over 200 test examples; and a quarter of them.
const variants = 200
const fewer = 50
const seeds = [1, 2, 3, 4, 5]
const root = mkdtempSync(join(tmpdir(), 'seqlab-scale-'))

beforeAll(async () => {
  await writeStudyOf('small', fewer)
  await writeStudyOf('large', variants)
}, 300_000)

async function writeStudyOf(study: string, count: number): Promise<void> {
  const trials = Array.from({ length: count }, (_, at) =>
    seeds.map((seed) => {
      const label = `hidden=${at}`
      const spec = { ...madeUpSpec, train: { ...madeUpSpec.train, batchSize: 8 + at } }
      return madeUpTrial({
        label,
        seed,
        spec,
        study,
        wrong: 0.05 + at / 1000,
        variant: { 'train.batchSize': 8 + at },
        examples: 200,
        steps: 5000,
        parameters: 1000 * at + 5,
      })
    }),
  ).flat()
  await writeStudy(join(root, study), trials)
}

afterAll(() => rmSync(root, { recursive: true, force: true }))

describe('a study of a thousand trials', () => {
  it('takes no more processor time per pair of variants than a quarter of it, and a page under 5 MB', async () => {
    const small = await compared('small')
    const { report, cpuMs, bytes } = await compared('large')
    console.log(
      `1,000 trials: ${Math.round(cpuMs)} ms of processor time (250: ${Math.round(small.cpuMs)} ms), page ${(bytes / 1e6).toFixed(2)} MB`,
    )
    expect(report.groups[0]?.trials).toHaveLength(1000)
    expect(report.groups[0]?.metrics[0]?.pairs).toHaveLength((variants * (variants - 1)) / 2)
    expect(cpuMs / small.cpuMs).toBeLessThan((variants / fewer) ** 2)
    expect(bytes).toBeLessThan(5e6)
  }, 120_000)
})

async function compared(study: string) {
  const before = process.cpuUsage()
  const { paths, report } = await writeComparison(join(root, study))
  const used = process.cpuUsage(before)
  return { report, cpuMs: (used.user + used.system) / 1000, bytes: statSync(paths[0] ?? '').size }
}
