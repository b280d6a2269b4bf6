import { describe, expect, it } from 'vitest'
import { axisChoices, horizontalAxis } from '../../../../src/report/render/browser/lines/axis.js'
import { plotOf } from '../../../../src/report/render/browser/lines/plot.js'
import { linearRange, linearTicks, logRange, logTicks } from '../../../../src/report/render/browser/lines/ticks.js'
import { zoomed } from '../../../../src/report/render/browser/lines/zoom.js'
import type { LinesData } from '../../../../src/report/render/page/lines-data.js'

describe('ticks', () => {
  it('are multiples of 1, 2 or 5 times a power of ten', () => {
    expect(linearTicks(0, 10, 5)).toEqual([0, 2, 4, 6, 8, 10])
    expect(linearTicks(0.1, 0.35, 5)).toEqual([0.1, 0.15, 0.2, 0.25, 0.3, 0.35])
    expect(linearTicks(-3, 4, 4)).toEqual([-2, 0, 2, 4])
    expect(linearTicks(7, 7, 5)).toEqual([7])
    expect(linearTicks(1, 3, 6, 1)).toEqual([1, 2, 3])
    expect(linearTicks(2e-26, 6e-26, 4)).toEqual([2e-26, 3e-26, 4e-26, 5e-26, 6e-26])
  })

  it('of a logarithmic axis are powers of ten, and more where these are few', () => {
    expect(logTicks(0.01, 1, 6)).toEqual([0.01, 0.1, 1])
    expect(logTicks(1, 50, 6)).toEqual([1, 2, 5, 10, 20, 50])
    expect(logTicks(3, 4, 5)).toEqual([3, 3.2, 3.4, 3.6, 3.8, 4])
    expect(logTicks(1e-8, 1, 5)).toEqual([1e-8, 1e-6, 1e-4, 1e-2, 1])
  })
})

describe('ranges', () => {
  it('are rounded outwards, but not beyond the largest possible value', () => {
    expect(linearRange([0.43, 0.98], 5)).toEqual([0.4, 1])
    expect(linearRange([0.1, 0.97], 4)).toEqual([0, 1])
    expect(linearRange([0.6, 0.99, 0.61], 2, 1)).toEqual([0.6, 1])
    expect(linearRange([0.4, 1.55], 5, 1)).toEqual([0, 2])
    expect(linearRange([4, 4], 5)).toEqual([2, 6])
    expect(linearRange([0, 0], 5)).toEqual([-0.5, 0.5])
    expect(logRange([0.003, 3])).toEqual([0.002, 5])
    expect(logRange([1, 1])).toEqual([1, 2])
  })

  it('are zoomed around a place, which stays where it is, and never beyond the whole', () => {
    expect(zoomed([0, 100], [0, 100], 0.5, 25)).toEqual([12.5, 62.5])
    expect(zoomed([0, 50], [0, 100], 0.5, 0)).toEqual([0, 25])
    expect(zoomed([50, 100], [0, 100], 1.5, 75)).toEqual([25, 100])
    expect(zoomed([25, 75], [0, 100], 2, 50)).toBeUndefined()
    expect(zoomed([40, 40.1], [0, 100], 0.5, 40)).toEqual([40, 40.1])
  })
})

const axes = {
  tokens: {
    name: 'tokens',
    knots: [
      [0, 0],
      [10, 100],
      [20, 400],
    ],
  },
  time: { ms: 120_000, steps: 20 },
} as const

describe('the horizontal axis', () => {
  it('is offered in what is known', () => {
    expect(axisChoices(axes).map(([name]) => name)).toEqual(['step', 'tokens', 'time'])
    expect(axisChoices({}).map(([name]) => name)).toEqual(['step'])
  })

  it('places a step among the tokens between those of recorded ones, and time evenly', () => {
    const tokens = horizontalAxis('tokens', axes, 'step')
    expect([0, 5, 10, 15, 20].map(tokens.place)).toEqual([0, 50, 100, 250, 400])
    const time = horizontalAxis('time', axes, 'step')
    expect(time.quantity.title).toBe('training time (min)')
    expect([0, 5, 20].map(time.place)).toEqual([0, 0.5, 2])
    expect(horizontalAxis('step', axes, 'step ahead').quantity.name).toBe('step ahead')
  })
})

describe('plotOf', () => {
  const data: LinesData = {
    x: 'step',
    y: { name: 'loss', unit: 'nats', kind: 'plain', title: 'loss (nats per token)' },
    mark: { x: 10, name: 'best' },
    series: [
      {
        name: 'training',
        colourIndex: 0,
        points: [
          [5, 8],
          [10, 2],
          [20, 1],
        ],
      },
    ],
  }
  const view = { horizontal: horizontalAxis('step', axes, 'step'), log: false, width: 500, height: 280 }

  it('has the axes at the edges of the plot', () => {
    const { x, y, left, right } = plotOf(data, view)
    expect(x.range).toEqual([0, 20])
    expect([x.pixel(0), x.pixel(20)]).toEqual([left, 500 - right])
    expect(y.range).toEqual([0, 8])
    expect([y.pixel(8), y.pixel(0)]).toEqual([28, 280 - 44])
    expect(y.pixel(4)).toBe((28 + 236) / 2)
    expect(y.title).toBe('loss (nats per token)')
  })

  it('takes a mark and the points along to another axis', () => {
    const { mark, series, x } = plotOf(data, { ...view, horizontal: horizontalAxis('tokens', axes, 'step') })
    expect(mark).toEqual({ at: 100, name: 'best' })
    expect(series).toEqual([
      [
        [50, 8],
        [100, 2],
        [400, 1],
      ],
    ])
    expect(x.range).toEqual([0, 400])
  })

  it('fits the vertical axis to what of the lines is shown, their ends at its edges too', () => {
    const { y } = plotOf(data, { ...view, shown: [15, 20] })
    expect(y.range).toEqual([1, 1.5])
  })

  it('is logarithmic only where all that is shown is positive', () => {
    const { y } = plotOf(data, { ...view, log: true })
    expect(y.range).toEqual([1, 10])
    expect(y.pixel(10 ** 0.5)).toBeCloseTo((28 + 236) / 2, 9)
    const points = [
      [5, 8],
      [10, 0],
    ] as const
    const withZero = { ...data, series: [{ name: 'training', colourIndex: 0, points }] }
    expect(plotOf(withZero, { ...view, log: true }).y.range).toEqual([0, 8])
  })

  it('has room for long labels', () => {
    const tiny = {
      ...data,
      series: [
        {
          name: 'rate',
          colourIndex: 0,
          points: [
            [1, 0.0000123],
            [2, 0.0000124],
          ] as const,
        },
      ],
    }
    const { left, y } = plotOf(tiny, view)
    expect(left).toBeGreaterThan(7 * Math.max(...y.ticks.map(({ text }) => text.length)))
  })
})
