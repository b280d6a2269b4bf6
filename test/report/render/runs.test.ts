import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { writeRunsIndex } from '../../../src/report/render/runs/write.js'
import { madeUpTrial } from '../made-up.js'
import { writeStudy } from '../study.js'

const root = mkdtempSync(join(tmpdir(), 'seqlab-runs-index-'))
afterAll(() => rmSync(root, { recursive: true }))

test('the best of a study is one of those that measure the metric as the first does', async () => {
  const forecaster = (label: string, of: 'values' | 'scaled', value: number) => {
    const made = madeUpTrial({ label, study: 'heat', examples: 2, steps: 10 })
    const results = { mae: { value, interval: { value: null, reason: 'made up' } } }
    const spec = { ...made.record.spec, metrics: [{ type: 'mae' as const, of }] }
    return { ...made, record: { ...made.record, spec, metrics: { dev: results, test: results } } }
  }
  await writeStudy(join(root, 'heat'), [
    forecaster('first', 'values', 5),
    forecaster('other', 'scaled', 0.1),
    forecaster('better', 'values', 3),
  ])
  await writeRunsIndex(root)
  const page = readFileSync(join(root, 'index.html'), 'utf8')
  expect(page).toContain('better, seed 1')
  expect(page).not.toContain('other, seed 1')
})
