import { expect, it } from 'vitest'
import { outputOf } from '../../src/inference/outputs.js'

const symbols = ['<pad>', '<bos>', '<eos>', '<unk>', 'x', 'y']
const trained = {
  description: {
    vocabularies: { source: { symbols, specials: true }, target: { symbols, specials: true } },
    joiners: { source: ' ', target: ' ' },
  },
} as unknown as Parameters<typeof outputOf>[0]
const alignment = [
  [0.1, 0.7, 0.2],
  [0.8, 0.1, 0.1],
  [0.2, 0.2, 0.6],
  [0.3, 0.4, 0.3],
]
const prediction = {
  ids: [4, 3, 3],
  score: -1,
  alignment,
  candidates: [
    { ids: [4, 3, 3], score: -1, alignment },
    { ids: [3], score: -2, alignment: alignment.slice(0, 1) },
  ],
}
const source = ['one', 'two', 'three']

it('replaces unknown symbols by the source token that each attends to most, in every candidate', () => {
  const output = outputOf(
    trained,
    prediction,
    { tokens: source, unknown: 0, cut: 0 },
    { alignments: false, replaceUnknown: true },
  )
  expect(output.text).toBe('x one three')
  expect(output.candidates?.map(({ tokens }) => tokens)).toEqual([['x', 'one', 'three'], ['two']])
  expect(output.alignment).toBeUndefined()
})

it('leaves them where that is not asked for', () => {
  const output = outputOf(
    trained,
    prediction,
    { tokens: source, unknown: 0, cut: 0 },
    { alignments: true, replaceUnknown: false },
  )
  expect(output.tokens).toEqual(['x', '<unk>', '<unk>'])
  expect(output.alignment).toEqual(alignment)
})

it('of a source that was cut, and of one with features before its symbols, the token is the one attended to', () => {
  // Two positions of features before the source's three tokens: the weights stand two places further.
  const shifted = alignment.map((row) => [0, 0, ...row])
  const options = { alignments: false, replaceUnknown: true }
  for (const one of [prediction, { ...prediction, alignment: shifted }]) {
    const output = outputOf(trained, one, { tokens: source, unknown: 0, cut: 4 }, options)
    expect(output.text).toBe('x one three')
  }
})
