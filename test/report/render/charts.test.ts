import { describe, expect, test } from 'vitest'
import type { Quantity } from '../../../src/report/format/quantity.js'
import { bandChart } from '../../../src/report/render/charts/bands.js'
import { drawable } from '../../../src/report/render/charts/base/scale.js'
import { drawSvg } from '../../../src/report/render/charts/base/svg.js'
import type { ChartOption } from '../../../src/report/render/charts/base/types.js'
import { dotPlot } from '../../../src/report/render/charts/dots.js'
import { intervalChart } from '../../../src/report/render/charts/intervals.js'
import { lineChart } from '../../../src/report/render/charts/line.js'
import { costChart } from '../../../src/report/render/charts/scatter.js'
import { figure } from '../../../src/report/render/page/figure.js'

const formatY = (value: number) => String(Number(value.toPrecision(6)))
const quantity = (name: string): Quantity => ({ name, unit: '', title: name, text: formatY })
const y = quantity('loss')

/** Every chart with an axis of values. */
const charts: Readonly<Record<string, (values: readonly number[]) => ChartOption>> = {
  line: (values) =>
    lineChart({ width: 500, x: 'step', y, series: [{ name: 's', points: values.map((value, at) => [at, value]) }] }),
  bands: (values) =>
    bandChart({
      ...{ width: 500, x: 'step', y },
      series: [{ name: 's', colourIndex: 0, points: values.map((value, at) => [at, value, 0.9 * value, 1.1 * value]) }],
    }),
  dots: (values) =>
    dotPlot(
      values.map((value, at) => ({
        name: `v${at}`,
        value,
        low: 0.9 * value,
        high: 1.1 * value,
        perSeed: [value, value],
      })),
      y,
      { width: 500, labelWidth: 80 },
    ),
  intervals: (values) =>
    intervalChart({
      ...{ x: 'length', y },
      categories: values.map((_, at) => String(at)),
      series: [{ name: 's', values: values.map((value) => ({ value, low: 0.9 * value, high: 1.1 * value })) }],
    }),
  costs: (values) =>
    costChart({
      ...{ x: quantity('time'), y, better: 'lower', width: 500 },
      points: values.map((value, at) => ({ name: `v${at}`, variant: `v${at}`, cost: value, value })),
    }),
}

const size = { width: 500, height: 300 }
const svgOf = (option: ChartOption) => drawSvg(() => drawable(option), size, 'x').markup

describe.each(Object.entries(charts))('%s', (_, chart) => {
  const pattern = [2, 3, 5, 4]
  test.each([1e-7, 1e-20, 1e-26, 1e-30, 1e-150, 1e-300])('values around %s, labelled with themselves', (scale) => {
    const tiny = svgOf(chart(pattern.map((value) => value * scale)))
    expect(tiny).not.toMatch(/could not be drawn|NaN/)
    const labels = [2, 3, 4, 5].map((tick) => `>${formatY(tick * scale)}<`)
    expect(labels.filter((label) => tiny.includes(label)).length).toBeGreaterThan(1)
  })

  test.each([
    ['nearly equal', [1e-8, 1.0000000000001e-8]],
    ['constant', [3e-26, 3e-26]],
    ['one value', [1e-30]],
    ['the smallest number', [5e-324, 1e-323]],
    ['zero', [0, 0]],
    ['of both signs', [-2e-26, 0, 1e-26]],
  ])('%s', (_name, values) => {
    expect(svgOf(chart(values))).not.toMatch(/could not be drawn|NaN/)
  })

  test('ordinary values are drawn as they are', () => {
    const option = chart(pattern)
    expect(drawable(option)).toBe(option)
  })
})

test('a picture that cannot be drawn is a sentence in its page', () => {
  const page = figure({
    ...{ id: 'f', title: 'How?', alternative: 'Thus.', heights: { wide: 300, narrow: 200 } },
    option: () => {
      throw new Error('')
    },
  })
  expect(page.markup).toContain('The figure could not be drawn: the chart library gave no reason.')
  expect(page.markup).toContain('How?')
})
