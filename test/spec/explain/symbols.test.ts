import { Value } from 'typebox/value'
import { describe, expect, test } from 'vitest'
import type { Part, PartKind } from '../../../src/core/part.js'
import { randomStream } from '../../../src/core/random.js'
import { type Axis, units } from '../../../src/model/axes.js'
import { cells } from '../../../src/model/cells/index.js'
import { maps } from '../../../src/model/maps/index.js'
import { axesOf, equationsUnder } from '../../../src/model/outline.js'
import type { ParameterTree } from '../../../src/model/parameters.js'
import { scorers } from '../../../src/model/scorers/index.js'
import { explain } from '../../../src/spec/explain/explain.js'
import { loadSpecs } from '../../../src/spec/plan/load-specs.js'
import { unknownSizes } from '../../../src/spec/plan/parameters.js'
import type { Spec } from '../../../src/spec/types.js'
import { parameterCount } from '../../../src/train/loop/train-state.js'
import { everyCombination, isLegal, resolve } from '../../conformance/combinations.js'
import { everyPart, furtherChoices, nameOf } from '../../conformance/variants.js'

// What explain prints inside an equation is declared next to it; here it is compared with the parameters themselves.

interface Choice {
  readonly type: string
  readonly [option: string]: unknown
}

/** Every part of a registry under every choice that its options offer, options filled in. */
function everyChoice(registry: PartKind): [name: string, Part, Choice][] {
  return [...everyPart(registry), ...furtherChoices(registry)].map((written) => {
    const part: Part = registry.get(String(written.type))
    const options = Value.Default(part.options, { ...written })
    return [nameOf(written), part, { ...Object(options), type: part.name }]
  })
}

/**
 * Numbers in the learned symbols of the equations that apply: all but what the part is `given` and what an equation
 * defines. A symbol of each head (`W_q,n`) is there once a head; of two heads, the first and the last are all.
 */
function numbersIn(
  part: Part,
  options: Readonly<Record<string, unknown>>,
  axes: Readonly<Record<string, Axis>>,
  given: readonly string[],
): number {
  const equations = equationsUnder(part, options)
  const others = new Set([...given, ...equations.map((equation) => equation.split(' = ')[0]?.trim())])
  const used = Object.entries(part.symbols ?? {}).filter(
    ([symbol]) => !others.has(symbol) && equations.join(' ').includes(symbol),
  )
  const size = (shape: readonly string[]) =>
    shape.reduce((product, axis) => product * (axes[axis]?.size ?? Number.NaN), 1)
  const times = (symbol: string) => (symbol.endsWith(',n') ? Number(options.heads) : 1)
  return used.reduce((sum, [symbol, shape]) => sum + times(symbol) * size(shape), 0)
}

const axesWith = (parameters: ParameterTree, roles: Readonly<Record<string, number>>) => ({
  ...axesOf(parameters),
  ...Object.fromEntries(Object.entries(roles).map(([name, size]) => [name, units(name, size)])),
})

describe('symbols have the sizes of the parameters', () => {
  test.each(everyChoice(cells))('cell %s', (_, part, choice) => {
    const { parameters, state } = cells.build(choice as never, { input: units('I', 7), hidden: units('H', 5) })
    const axes = axesWith(parameters, { I: 7, H: 5 })
    expect(numbersIn(part, choice, axes, ['x', ...Object.keys(state)])).toBe(parameterCount(parameters))
  })

  describe.each([undefined, 1])('coverage: %s', (coverage) => {
    test.each(everyChoice(scorers))('scorer %s', (_, part, choice) => {
      const sizes = { query: units('Q', 8), key: units('D', 8), coverage: coverage !== undefined }
      const { parameters } = scorers.build(choice as never, sizes)
      const axes = axesWith(parameters, { Q: 8, D: 8 })
      expect(numbersIn(part, { ...choice, coverage }, axes, ['q_t', 'k_s'])).toBe(parameterCount(parameters))
    })
  })

  test.each(everyChoice(maps))('map %s', (_, part, choice) => {
    const { parameters } = maps.build(choice as never, units('I', 7))
    expect(numbersIn(part, choice, axesWith(parameters, { I: 7 }), ['x'])).toBe(parameterCount(parameters))
  })
})

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
    const sample = randomStream(3, 'test').shuffle(everyCombination()).slice(0, 130).map(resolve).filter(isLegal)
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
