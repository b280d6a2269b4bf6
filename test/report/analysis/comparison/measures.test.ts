import { describe, expect, test } from 'vitest'
import type { MetricSpec } from '../../../../src/metrics/index.js'
import { curveNameOf, testNameOf, withMeasures } from '../../../../src/report/analysis/comparison/measures.js'
import type { FoundTrial } from '../../../../src/report/analysis/comparison/read-trial.js'
import { metricTitle } from '../../../../src/report/analysis/metrics.js'
import { comparisonCsv } from '../../../../src/report/render/comparison/csv.js'
import { firstShown } from '../../../../src/report/render/comparison/figures/variants.js'
import { comparisonHtml } from '../../../../src/report/render/comparison/html.js'
import { comparisonMarkdown } from '../../../../src/report/render/comparison/markdown.js'
import type { Claim, PublishedFigure } from '../../../../src/spec/types.js'
import { statisticsTable } from '../../../../src/stats/bootstrap.js'
import { compareFound, type FoundOptions, foundTrial } from '../../found.js'

type Of = 'values' | 'scaled'

/** A trial whose examples have these absolute errors, one number each: MAE is their mean; its dev curve ends at 1. */
function forecaster(
  label: string,
  of: Of,
  seed: number,
  errors: readonly number[],
  more: FoundOptions = {},
): FoundTrial {
  const trial = foundTrial({ label, seed, ...more })
  const spec = { type: 'mae' as const, of }
  const value = errors.reduce((sum, error) => sum + error, 0) / errors.length
  const results = { mae: { value, interval: { value: null, reason: 'made up' } } }
  return {
    ...trial,
    record: {
      ...trial.record,
      spec: { ...trial.record.spec, metrics: [spec] },
      metrics: { dev: results, test: results },
    },
    statistics: { mae: statisticsTable(errors.map((error) => [error, 1])) },
    validated: [{ name: 'mae', spec }],
    curves: { mae: [[10, 1]], 'validation-loss': [[10, 2 * seed]] },
  }
}

const values = [1, 2, 3].map((seed) => forecaster('plain', 'values', seed, [seed, seed + 2]))
const larger = [1, 2, 3].map((seed) => forecaster('larger', 'values', seed, [seed + 9, seed + 11]))
const scaled = [1, 2, 3].map((seed) => forecaster('small', 'scaled', seed, [0.1 * seed, 0.1 * seed]))
const all = withMeasures([...values, ...larger, ...scaled])
const report = compareFound(all)
const metrics = report.groups[0]?.metrics ?? []
const [inValues = 'MAE (of: values)', inScales = 'MAE (of: scaled)'] = metrics.map(({ title }) => title)

test('trials that measure alike are left as they are', () => {
  const given = [...values, ...larger]
  expect(withMeasures(given)).toEqual(given)
  const [metric] = compareFound(given).groups[0]?.metrics ?? []
  expect([metric?.name, metric?.title]).toEqual(['mae', 'MAE'])
  expect(metric).not.toHaveProperty('metric')
  expect(metric).not.toHaveProperty('notMeasured')
})

test('a metric that measures as a spec says has the name that the trial has for it among others', () => {
  const [alone, among] = [values[0], all[0]]
  if (alone === undefined || among === undefined) throw new Error('there are trials')
  const asked: MetricSpec = { type: 'mae', of: 'values' }
  const other: MetricSpec = { type: 'mae', of: 'scaled' }
  expect([testNameOf(alone, asked), curveNameOf(alone, 'mae', asked)]).toEqual(['mae', 'mae'])
  expect([testNameOf(among, asked), curveNameOf(among, 'mae', asked)]).toEqual(['mae (of: values)', 'mae (of: values)'])
  expect([testNameOf(among, other), curveNameOf(among, 'mae', other)]).toEqual([undefined, undefined])
  expect(curveNameOf(among, 'validation-loss', asked)).toBeUndefined()
})

test('a trial that failed has no results that others are told apart from', () => {
  const failed = forecaster('small', 'scaled', 1, [1, 1], { record: { status: 'failed' } })
  const stopped = { ...failed, record: { ...failed.record, status: 'failed' as const } }
  expect(withMeasures([...values, stopped])).toEqual([...values, stopped])
})

describe('a metric under two options in one comparison', () => {
  test('is two measures, each with the values of the trials that have it, in whatever order they are given', () => {
    // Means of [1, 3], [2, 4], [3, 5]; nine more; 0.1, 0.2, 0.3.
    const expected = {
      'MAE (of: values)': { plain: [2, 3, 4], larger: [11, 12, 13] },
      'MAE (of: scaled)': { small: [0.1, 0.2, 0.3].map((value) => expect.closeTo(value, 12)) },
    }
    const found = (trials: readonly FoundTrial[]) => {
      const [group] = compareFound(trials).groups
      const labelOf = (id: string) => group?.variants.find((variant) => variant.id === id)?.label ?? ''
      return Object.fromEntries(
        (group?.metrics ?? []).map(({ title, values: of }) => [
          title,
          Object.fromEntries(of.map(({ variant, perSeed }) => [labelOf(variant), perSeed])),
        ]),
      )
    }
    expect(found(all)).toEqual(expected)
    expect(found(all.toReversed().toSorted((a, b) => a.record.seed - b.record.seed))).toEqual(expected)
  })

  test('has no pair of variants that are measured in two ways', () => {
    expect(metrics.map(({ pairs }) => pairs.map(({ left, right }) => [left, right]))).toEqual([[['v1', 'v2']], []])
    expect(metrics.map(({ metric, notMeasured }) => [metric, notMeasured])).toEqual([
      ['mae', ['v3']],
      ['mae', ['v1', 'v2']],
    ])
  })

  test('says in words which variants are not measured so', () => {
    expect(metrics.map(({ answer }) => answer.at(-1))).toEqual([
      'Not measured in MAE (of: values): small.',
      'Not measured in MAE (of: scaled): plain and larger.',
    ])
    expect(report.method.filter((line) => line.startsWith('Measures:'))).toHaveLength(1)
    expect(compareFound(values).method.filter((line) => line.startsWith('Measures:'))).toEqual([])
  })

  test('is two columns of every table, with "not measured" where a trial has none', () => {
    const markdown = comparisonMarkdown(report).split('\n')
    const [head = '', , ...rows] = markdown.filter((line) => line.startsWith('| '))
    const cells = (line: string) => line.split(' | ').slice(1)
    const columns = [`test ${inValues} (95 %)`, `test ${inScales} (95 %)`].map((title) => cells(head).indexOf(title))
    const row = (label: string) => cells(rows.find((line) => line.startsWith(`| ${label} |`)) ?? '')
    expect(columns.map((at) => row('small')[at])).toEqual(['not measured', expect.stringMatching(/^0\.2 /)])
    expect(columns.map((at) => row('plain')[at])).toEqual([expect.stringMatching(/^3 /), 'not measured'])
    const [top = '', first = ''] = comparisonCsv(report).split('\r\n')
    expect(top).toContain(',test.mae (of: values),dev.mae (of: values),test.mae (of: scaled),dev.mae (of: scaled),')
    expect(first).toContain(',completed,2,2,not measured,not measured,')
    const page = comparisonHtml(report)
    expect(page).toContain('>test MAE (of: values)<')
    expect(page).toContain('>test MAE (of: scaled)<')
    const ids = [...page.matchAll(/ id="([^"]*)"/g)].map(([, id = '']) => id)
    expect(ids.filter((id) => /\s/.test(id))).toEqual([])
    expect(new Set(ids).size).toBe(ids.length)
  })

  test('has its first measure, or the one that is named, as the main one', () => {
    const main = (metric: string) => compareFound(all, { metric }).groups[0]?.metrics.map(({ name }) => name)
    expect(main('mae')).toEqual(['mae (of: values)', 'mae (of: scaled)'])
    expect(main('mae (of: scaled)')).toEqual(['mae (of: scaled)', 'mae (of: values)'])
  })

  test('has a dev curve for each measure', () => {
    const curves = report.groups[0]?.curves.filter(({ name }) => name.startsWith('mae'))
    expect(curves?.map(({ variant, name, points }) => [variant, name, points.length])).toEqual([
      ['v1', 'mae (of: values)', 1],
      ['v2', 'mae (of: values)', 1],
      ['v3', 'mae (of: scaled)', 1],
    ])
  })
})

describe('a claim about it', () => {
  const judged = (more: Partial<Claim>) => {
    const claim: Claim = { left: 'plain', right: 'larger', relation: 'better', ...more }
    const [verdict] = compareFound(all, {}, { claims: [{ claim, folder: 'runs/cells' }] }).claims
    return verdict
  }
  const ways =
    'MAE is measured in two ways, MAE (of: values) and MAE (of: scaled), which are not compared with each other'

  test('is judged where both sides measure it alike, within that measure', () => {
    const verdict = judged({ metric: 'mae' })
    expect(verdict?.verdict).toBe('supported')
    expect(verdict?.evidence).toMatch(/^MAE \(of: values\) differs by -9 \(95 % interval/)
    expect([verdict?.test?.difference, verdict?.test?.family]).toEqual([-9, 1])
    expect(verdict?.text).toBe('plain better than larger in MAE')
  })

  test('is undecided where its sides are measured in two ways, which it names', () => {
    for (const asked of [{ metric: 'mae' }, { curve: 'mae' }, { curve: 'mae', at: 'last' as const }]) {
      const verdict = judged({ right: 'small', ...asked })
      expect([verdict?.verdict, verdict?.evidence, verdict?.test]).toEqual(['undecided', ways, null])
      expect([verdict?.leftVariants, verdict?.rightVariants]).toEqual([['plain'], ['small']])
    }
  })

  test('is undecided where one side is an average over two ways', () => {
    const sided = (trial: FoundTrial, side: string): FoundTrial => {
      const variant = { side, of: trial.record.label }
      return { ...trial, names: [{ study: 'cells', folder: 'runs/cells', label: trial.record.label, variant }] }
    }
    const trials = [
      ...values.map((one) => sided(one, 'l')),
      ...scaled.map((one) => sided(one, 'l')),
      ...larger.map((one) => sided(one, 'r')),
    ]
    const claims = [{ side: 'r' }, 3].map(
      (right): Claim => ({ left: { side: 'l' }, right, relation: 'lower', metric: 'mae' }),
    )
    const found = compareFound(
      withMeasures(trials),
      {},
      { claims: claims.map((claim) => ({ claim, folder: 'runs/cells' })) },
    )
    expect(found.claims.map(({ verdict, evidence }) => [verdict, evidence])).toEqual([
      ['undecided', ways],
      ['undecided', ways],
    ])
  })

  test('over a loss is judged all the same', () => {
    expect(judged({ right: 'small', curve: 'validation-loss', at: 'last' })?.evidence).toMatch(/differs by/)
  })
})

test('a published figure is put beside variants that measure alike alone', () => {
  const published = (figure: PublishedFigure) =>
    compareFound(all, {}, { published: [{ figure, source: 'Ada 1843', folder: 'runs/cells' }] }).published[0]
  const one = published({ of: 'plain', metric: 'mae', value: 3 })
  expect([one?.metric, one?.ours, one?.perSeed]).toEqual(['mae (of: values)', 3, [2, 3, 4]])
  const several = published({ metric: 'mae', value: 3 })
  expect([several?.status, several?.ours]).toEqual(['undecided', null])
  expect(several?.text).toBe(
    'undecided: MAE: published 3: MAE is measured in two ways, MAE (of: values) and MAE (of: scaled), which are not compared with each other',
  )
})

test('names of measures are titles with the metric in capitals where it is short', () => {
  expect(
    ['per', 'mae (of: scaled)', 'bleu (smooth: exp)', 'f1 (average: micro)', 'per (selecting)'].map(metricTitle),
  ).toEqual(['PER', 'MAE (of: scaled)', 'BLEU (smooth: exp)', 'f1 (average: micro)', 'per (selecting)'])
})

test('variants that are not measured alike are drawn all the same, those of the first measure before them', () => {
  const group = report.groups[0]
  if (group === undefined) throw new Error('no group')
  const labels = new Map(group.variants.map(({ id, label }) => [id, label]))
  const every = new Set(labels.keys())
  expect([...firstShown(group, every)].map((id) => labels.get(id))).toEqual(['plain', 'larger', 'small'])
  const [some = ''] = [...every].filter((id) => labels.get(id) === 'small')
  expect([...firstShown(group, new Set([some]))]).toEqual([some])
})
