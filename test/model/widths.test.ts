import { describe, expect, it } from 'vitest'
import { leaves } from '../../src/core/tree.js'
import { units } from '../../src/model/axes.js'
import { buildEncoder } from '../../src/model/encoder/index.js'
import type { ParameterSpec } from '../../src/model/parameters.js'
import { topAxis, widthProblems, widthsText } from '../../src/model/widths.js'
import { encoderOptions } from '../support/options.js'

const shapesOf = (parameters: Parameters<typeof leaves<ParameterSpec>>[0]) =>
  Object.fromEntries(leaves<ParameterSpec>(parameters).map(([path, { shape }]) => [path, shape]))

describe('a width for each layer', () => {
  it('makes each layer read what the one below gives', () => {
    const { parameters, output, layers } = buildEncoder(
      encoderOptions({ hidden: [4, 2], layers: 2, bidirectional: true, layerNorm: true }),
      units('E', 3),
    )
    expect(shapesOf(parameters)).toMatchObject({
      'layer1/forward/kernel': [3, 12],
      'layer1/backward/recurrentKernel': [4, 12],
      'layer1/norm/gain': [8],
      'layer2/forward/kernel': [8, 6],
      'layer2/norm/gain': [4],
    })
    expect(output.size).toBe(4)
    expect(layers.map(([layer]) => layer?.hidden)).toEqual([4, 2])
  })

  it('is that of the top layer for what looks at the output', () => {
    expect(topAxis({ hidden: [4, 2] }).size).toBe(2)
    expect(topAxis({ hidden: 7 }).size).toBe(7)
    expect(widthsText([4, 2])).toBe('4, 2')
  })

  it('is refused where it has not one size for each layer, or a residual connection would add two', () => {
    const at = (hidden: readonly number[], layers: number, residual = false) =>
      widthProblems({ hidden, layers, residual }, 'model.encoder')
    expect(at([4, 2], 1)).toEqual([
      {
        path: 'model.encoder.hidden',
        message: 'hidden gives a size to each layer, from the bottom, and there is 1 layer',
        expected: 'one size',
        received: '2 sizes',
        hint: 'Set model.encoder.layers to 2, or write one size for all layers.',
      },
    ])
    expect(at([4, 2], 2, true)).toMatchObject([{ path: 'model.encoder.residual', received: '4, 2' }])
    expect(at([4, 4], 2, true)).toEqual([])
    expect(at([4, 2, 2], 3)).toEqual([])
  })
})
