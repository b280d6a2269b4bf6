import { expect, it } from 'vitest'
import { compare } from '../../../src/report/analysis/comparison/compare.js'
import { comparisonHtml } from '../../../src/report/render/comparison/html.js'
import { comparisonMarkdown } from '../../../src/report/render/comparison/markdown.js'
import { foundTrial, foundTrials } from '../found.js'

const of = (...labels: readonly string[]) =>
  compare(
    foundTrials(labels.flatMap((label) => [1, 2].map((seed) => foundTrial({ label, seed, errors: [seed, 2] })))),
    {
      command: 'seqlab compare',
    },
  )

it('pairs are called all pairs only where there are several', () => {
  const [one, three] = [of('gru', 'lstm'), of('gru', 'lstm', 'elman')]
  expect(comparisonMarkdown(one)).toContain('\n**PER**: the only pair\n')
  expect(comparisonMarkdown(three)).toContain("\n**PER**: all pairs, one family under Holm's correction\n")
  expect(comparisonHtml(one, undefined)).toContain('<h2>The only pair: PER</h2><p class="quiet small">Lower is better.')
  expect(comparisonHtml(three, undefined)).toContain(
    '<h2>All pairs: PER</h2><p class="quiet small">One family of 3 pairs under Holm&#39;s correction at 5 %. Lower is better.',
  )
  expect(comparisonMarkdown(of('gru'))).not.toMatch(/\*\*PER\*\*/)
})
