import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeComparison } from '../../../src/report/render/comparison/write.js'
import { writeRunsIndex } from '../../../src/report/render/runs/write.js'
import { writeTrialReport } from '../../../src/report/render/trial/write.js'
import { madeUpTrial } from '../../report/made-up.js'
import { writeStudy } from '../../report/study.js'

// Links between pages: each leads to a file that exists.

const out = mkdtempSync(join(tmpdir(), 'seqlab-links-'))
const study = join(out, 'cells & co')
const trials = ['gru', 'lstm'].flatMap((label, at) =>
  [1, 2].map((seed) => madeUpTrial({ label, seed, study: 'cells & co', examples: 20, steps: 20, wrong: 0.1 + at / 4 })),
)
const linksIn = (path: string) =>
  [...readFileSync(path, 'utf8').matchAll(/<a href="([^"]+)"/g)].map(([, href = '']) => href)
const filesIn = (path: string) => linksIn(path).filter((href) => !href.startsWith('#'))

beforeAll(async () => {
  await writeStudy(study, trials)
  await writeRunsIndex(out)
  await writeTrialReport(join(study, 'trial-gru-2'))
  await writeComparison(study)
  await writeRunsIndex(out)
})
afterAll(() => rmSync(out, { recursive: true, force: true }))

describe('links', () => {
  it('lead from the index to the comparison and to the pages of trials, and back', () => {
    const page = (name: string) => join(study, name)
    expect(filesIn(join(out, 'index.html'))).toEqual([
      'cells%20%26%20co/comparison.html',
      'cells%20%26%20co/trial-gru-2/report.html',
    ])
    expect(filesIn(page('comparison.html'))).toEqual(
      expect.arrayContaining(['../index.html', 'trial-gru-2/report.html', 'comparison.json']),
    )
    expect(filesIn(page('comparison.html')).filter((href) => href.includes('report.html'))).toHaveLength(2)
    expect(filesIn(page('trial-gru-2/report.html'))).toEqual(['../../index.html', '../comparison.html'])
    for (const path of [join(out, 'index.html'), page('comparison.html'), page('trial-gru-2/report.html')]) {
      for (const href of filesIn(path))
        expect(existsSync(join(dirname(path), decodeURIComponent(href))), href).toBe(true)
    }
  })

  it('inside of a page lead to parts that it has', () => {
    for (const path of [join(study, 'comparison.html'), join(study, 'trial-gru-2/report.html')]) {
      const text = readFileSync(path, 'utf8')
      for (const href of linksIn(path).filter((one) => one.startsWith('#')))
        expect(text, href).toContain(`id="${href.slice(1)}"`)
    }
  })

  it('are with the best result and the state of each study', () => {
    const text = readFileSync(join(out, 'index.html'), 'utf8')
    expect(text).toContain('4 completed')
    expect(text).toMatch(/gru, seed [12]/)
    expect(text).toMatch(/PER [\d.]+ % \([\d.]+ to [\d.]+\)/)
  })
})
