import { describe, expect, it } from 'vitest'
import { trialReportHtml } from '../../../src/report/render/trial/page.js'
import type { MetricsLine } from '../../../src/train/types.js'
import { madeUpMetrics, madeUpTrial } from '../made-up.js'

const trial = { ...madeUpTrial({ examples: 40, steps: 2000 }), metrics: madeUpMetrics }
const joiners = { source: '', target: ' ' }
const mapTrain = (change: (line: Extract<MetricsLine, { kind: 'train' }>) => object) =>
  trial.lines.map((line) => (line.kind === 'train' ? { ...line, ...change(line) } : line))
const badgeOf = (more: Partial<typeof trial>) =>
  /class="badge ([a-z]*)">([^<]*)</.exec(trialReportHtml({ ...trial, joiners, ...more }))?.slice(1, 3)

describe('the badge of a page', () => {
  const calm = mapTrain(() => ({ gradientNorm: 0.5 }))

  it('is green only where nothing is wrong', () => {
    expect(badgeOf({ lines: calm })).toEqual(['good', 'completed'])
    expect(badgeOf({ lines: mapTrain(() => ({ gradientNorm: 9 })) })).toEqual(['', 'completed'])
    const diverged = calm.map((line) => (line.kind === 'train' ? { ...line, loss: 9 } : line))
    expect(badgeOf({ lines: diverged })).toEqual(['bad', 'completed, in bad health'])
  })

  it('goes with a line for each finding', () => {
    const page = trialReportHtml({ ...trial, joiners, lines: calm })
    expect(page).toMatch(
      /class="good">good<\/span>: training loss at the end [^<]*; best on dev at step 2,000 of 2,000\./,
    )
    const diverged = calm.map((line) => (line.kind === 'train' ? { ...line, loss: 9 } : line))
    expect(trialReportHtml({ ...trial, joiners, lines: diverged })).toContain(
      '<b class="bad">bad</b>: training loss at the end 9 nats per token, above a uniform guess',
    )
  })
})
