import { describe, expect, test } from 'vitest'
import { judge, readable, unlessUnfit } from '../../src/core/judge.js'

const spec = { model: { encoder: { hidden: 'x', layers: 2 }, decoder: {} }, metrics: ['ser', 'x', 'wer'] }
const seen = readable(spec, ['model.encoder.hidden', 'model.decoder.receives', 'metrics.1'])
const found = (message: string) => [{ path: '', message }]

describe('a rule', () => {
  test('that reads what is wrong, or what is missing, says nothing and keeps no other from being judged', () => {
    expect(
      judge(
        () => found(String(seen.model.encoder.hidden)),
        () => found(String(seen.model.encoder.layers)),
        () => found(JSON.stringify(seen.model.decoder)),
        () => found(seen.metrics.join()),
        () => found(`${seen.metrics[2]} of ${seen.metrics.length}`),
      ),
    ).toEqual([...found('2'), ...found('wer of 3')])
    expect(unlessUnfit(() => seen.metrics[1], 'other')).toBe('other')
    expect(unlessUnfit(() => seen.metrics[0], 'other')).toBe('ser')
  })

  test('that is itself wrong is no such rule', () => {
    const broken = () => {
      throw new RangeError('a bug')
    }
    expect(() => judge(broken)).toThrow('a bug')
    expect(() => unlessUnfit(broken, 1)).toThrow('a bug')
  })
})

test('what is right is the same, and nothing is copied where all is', () => {
  expect(Object.keys(seen.model.encoder)).toEqual(['hidden', 'layers'])
  expect(readable(spec, [])).toBe(spec)
  // `model.encoder` is no part of `model.enc`.
  expect(readable(spec, ['model.enc']).model.encoder).toBe(spec.model.encoder)
  expect(readable(spec, ['metrics']).model).toBe(spec.model)
})
