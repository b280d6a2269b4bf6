import { describe, expect, test } from 'vitest'
import type { Part } from '../../../src/core/part.js'
import { randomStream } from '../../../src/core/random.js'
import { leaves, type Tree } from '../../../src/core/tree.js'
import { cells } from '../../../src/model/cells/index.js'
import { maps } from '../../../src/model/maps/index.js'
import { scorers } from '../../../src/model/scorers/index.js'
import type { Cell, ParameterSpec, Scorer } from '../../../src/model/types.js'
import { explain } from '../../../src/spec/explain/explain.js'
import { loadSpecs } from '../../../src/spec/plan/load-specs.js'
import { unknownSizes } from '../../../src/spec/plan/parameters.js'
import type { Spec } from '../../../src/spec/types.js'
import { everyCombination, isLegal, resolve } from '../../conformance/combinations.js'

// What explain prints inside an equation is declared beside it; here it is held against the parameters themselves.

/** Symbols that stand for parameters: matrices, biases and learned vectors, and no states or inputs. */
const learned = /^(W|U|b|v|w)(_|$)|^c_n$|^vectors$/

function numbersIn(part: Part, axes: Readonly<Record<string, number>>, more: readonly string[] = []): number {
  const used = Object.entries(part.symbols ?? {}).filter(([symbol]) => learned.test(symbol) || more.includes(symbol))
  return used.reduce((sum, [, shape]) => sum + shape.reduce((size, axis) => size * (axes[axis] ?? Number.NaN), 1), 0)
}

const count = (parameters: Tree<ParameterSpec>) =>
  leaves(parameters).reduce((sum, [, { shape }]) => sum + shape.reduce((size, axis) => size * axis, 1), 0)

describe('symbols have the sizes of the parameters', () => {
  test.each(Object.values<Cell>(cells.parts))('cell $name', (cell) => {
    const parameters = cell.parameters({ reset: 'after', forgetBias: 1, activation: 'tanh' }, { input: 7, hidden: 5 })
    // aaren's query is learned.
    expect(numbersIn(cell, { I: 7, H: 5 }, cell.name === 'aaren' ? ['q'] : [])).toBe(count(parameters))
  })

  test.each(Object.values<Scorer>(scorers.parts).filter(({ name }) => name !== 'multi-head-dot'))(
    'scorer $name',
    (scorer) => {
      const sizes = { query: 7, key: 7, coverage: scorer.takesCoverage === true }
      const parameters = scorer.parameters({ size: 5, maxLength: 11 }, sizes)
      expect(numbersIn(scorer, { Q: 7, D: 7, A: 5, L: 11 })).toBe(count(parameters))
    },
  )

  test('scorer multi-head-dot, of each of three heads', () => {
    const parameters = scorers.parts['multi-head-dot'].parameters({ heads: 3 }, { query: 7, key: 6 })
    const { 'W_v,N': _, ...symbols } = scorers.parts['multi-head-dot'].symbols ?? {}
    const perHead = numbersIn({ ...scorers.parts['multi-head-dot'], symbols: renamed(symbols) }, { Q: 7, D: 6, d: 2 })
    expect(3 * perHead).toBe(count(parameters))
  })

  test.each(Object.values(maps.parts))('map $name', (map) => {
    const parameters = map.parameters({ size: 5, hidden: 3 }, 7)
    expect(numbersIn(map, { I: 7, O: 5, R: 3 })).toBe(count(parameters))
  })
})

/** `W_q,n` without its head. */
function renamed(symbols: NonNullable<Part['symbols']>): NonNullable<Part['symbols']> {
  return Object.fromEntries(Object.entries(symbols).map(([symbol, shape]) => [symbol.replace(/,.*/, ''), shape]))
}

describe('equations with sizes', () => {
  const sizes = {
    sizes: { source: { vocabulary: 33 }, target: { vocabulary: 43 }, longestSource: 9, longestTarget: 9 },
  } as const

  function equations(
    set: readonly string[],
    known: Parameters<typeof explain>[1] = sizes,
  ): Record<string, readonly string[]> {
    const [loaded] = loadSpecs(['configs/attention-additive.yaml'], { set }).specs
    const spec = loaded?.spec as Spec
    return Object.fromEntries(explain(spec, known).parts.map((part) => [part.path, part.equations]))
  }

  test('of the main model', () => {
    const found = equations([])
    expect(found['model.encoder.cell']?.slice(0, 2)).toEqual([
      'layer 1, each direction:',
      '  z[128] = σ(x[64] W_z[64, 128] + h[128] U_z[128, 128] + b_z[128])',
    ])
    expect(found['model.context.scorer']).toEqual([
      'e_ts = v[128]ᵀ tanh(W_q[128, 128] q_t[128] + W_k[128, 256] k_s[256] + b[128])',
    ])
    expect(found['model.decoder.bridge']).toEqual(['layer 1: h_0 = tanh(C[256] W[256, 128] + b[128])'])
    expect(found['model.decoder.readout']).toEqual([
      'p(y_t | y_<t, x) = softmax([h_t[128]; C_t[256]] W[384, 43] + b[43])',
    ])
  })

  test('of two layers, of which the second reads the first', () => {
    const found = equations(['model.encoder.layers=2', 'model.encoder.cell=elman'])['model.encoder.cell']
    expect(found).toEqual([
      'layer 1, each direction:',
      "  h'[128] = φ(x[64] W[64, 128] + h[128] U[128, 128] + b[128])",
      'layer 2, each direction:',
      "  h'[128] = φ(x[256] W[256, 128] + h[128] U[128, 128] + b[128])",
    ])
  })

  test('as formulas where the data are not known', () => {
    const found = equations([], { unknown: { source: 'vocabulary', target: 'vocabulary' } })
    expect(found['model.source.representation']).toEqual(['x_t[64] = W[V_s, 64][id_t]'])
    expect(found['model.decoder.readout']?.[0]).toContain('W[384, V_t] + b[V_t]')
    const oneHot = equations(['model.source.representation=one-hot'], {
      unknown: { source: 'vocabulary', target: 'vocabulary' },
    })
    expect(oneHot['model.encoder.cell']?.[1]).toContain('x[V_s] W_z[V_s, 128]')
  })

  test('of states that C is itself, and of those that it is mapped to', () => {
    const transform = 'model.context={from: transform, map: {type: tanh, size: 128}}'
    const found = equations([transform, 'model.decoder.cell=lstm'])
    expect(found['model.decoder.bridge']).toEqual([
      'layer 1: h_0 = C[128]',
      'layer 1: c_0 = tanh(C[128] W[128, 128] + b[128])',
    ])
    expect(found['model.decoder.receives']).toEqual(['x_t[192] = [y_t-1[64]; C[128]]'])
  })

  test('of a sample of all combinations', () => {
    const sample = randomStream(3, 'test').shuffle(everyCombination()).slice(0, 120).map(resolve).filter(isLegal)
    expect(sample.length).toBeGreaterThan(60)
    for (const { spec } of sample) {
      const { parts } = explain(spec, { unknown: unknownSizes(spec) })
      const shown = parts.flatMap(({ equations }) => equations)
      expect(shown.some((equation) => /\[[\dVF_st+ ,]+\]/.test(equation))).toBe(true)
      expect(shown.join(' ')).not.toMatch(/undefined|NaN|\(no |\(\w+: /)
    }
  })

  test('those of other options are left out', () => {
    const attention = (more: string) => [`model.context={from: attention, scorer: additive, ${more}}`]
    expect(equations([])['model.context']?.join(' ')).not.toMatch(/coverage|h̃|c_t/)
    const covered = equations(attention('coverage: 1'))
    expect(covered['model.context.scorer']).toHaveLength(1)
    expect(covered['model.context.scorer']?.[0]).toContain('w_c[128] c_ts')
    expect(covered['model.context']?.join(' ')).toContain('min(α_ts, c_ts)')
    const after = equations(attention('position: after, inputFeeding: true'))
    expect(after['model.context']?.join(' ')).toContain(
      'h̃_t[128] = tanh(W_c[128, 384] [C_t[256]; h_t[128]] + b_c[128])',
    )
    expect(after['model.decoder.readout']?.[0]).toContain('softmax(h̃_t[128] W[128, 43] + b[43])')
    const reset = equations(['model.decoder.cell={type: gru, reset: before}'])['model.decoder.cell']
    expect(reset?.join(' ')).toContain('(r[128] ⊙ h[128]) U_n')
    expect(reset).toHaveLength(4)
  })
})
