import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { leaves } from '../../../src/core/tree.js'
import type { ModelSizes } from '../../../src/model/sizes.js'
import { registries } from '../../../src/spec/catalogue.js'
import { isMap, type Json } from '../../../src/spec/document/nodes.js'
import { explain } from '../../../src/spec/explain/explain.js'
import { formulaText, type Known } from '../../../src/spec/explain/symbolic.js'
import { loadSpecs } from '../../../src/spec/plan/load-specs.js'
import { countParameters, modelOf } from '../../../src/spec/plan/parameters.js'
import { specSchema } from '../../../src/spec/schema.js'
import type { Spec } from '../../../src/spec/types.js'

const sizes = (source: number, target: number) => ({
  source: { vocabulary: source },
  target: { vocabulary: target },
  longestSource: 1,
  longestTarget: 1,
})
const symbols: Known = { unknown: { source: 'vocabulary', target: 'vocabulary' } }

function specOf(file: string, set: readonly string[] = []): Spec {
  const [loaded] = loadSpecs([file], { set }).specs
  if (loaded === undefined) throw new RangeError(file)
  return loaded.spec
}

/** The tensors along the way by name, their axes as letters or sizes. */
function tensorsOf(spec: Spec, of: ModelSizes) {
  const { nodes } = modelOf(spec, of).outline
  return nodes.flatMap(({ tensors }) =>
    tensors.map(({ name, axes }) => ({
      name,
      axes: axes.map((axis) => (typeof axis === 'string' ? axis : axis.size)),
    })),
  )
}

const additive = specOf('configs/attention-additive.yaml')

describe('the main model', () => {
  test('its parameters, counted by hand', () => {
    const embeddings = 33 * 64 + 43 * 64
    const gru = (input: number, hidden: number) => 3 * (input * hidden + hidden * hidden + hidden) + hidden
    const encoder = 2 * gru(64, 128)
    const attention = 128 * 128 + 256 * 128 + 128 + 128
    const bridge = 256 * 128 + 128
    const decoder = gru(64 + 256, 128)
    const head = (128 + 256) * 43 + 43
    const total = embeddings + encoder + attention + bridge + decoder + head
    expect(explain(additive, { sizes: sizes(33, 43) }).total).toBe(total.toLocaleString('en-GB'))
    expect(total).toBe(424_747)
  })

  test('as a formula', () => {
    expect(explain(additive, symbols).total).toBe('64 V_s + 449 V_t + 403,328')
    expect(64 * 33 + 449 * 43 + 403_328).toBe(424_747)
  })

  test('the tensors along the way have the sizes that the kernels take', () => {
    const flow = Object.fromEntries(tensorsOf(additive, sizes(33, 43)).map(({ name, axes }) => [name, axes]))
    const shapes = Object.fromEntries(
      leaves(modelOf(additive, sizes(33, 43)).parameters).map(([path, { shape }]) => [path, shape]),
    )
    expect(flow['encoder layer 1 input x']?.at(-1)).toBe(shapes['encoder/layer1/forward/kernel']?.[0])
    expect(flow['decoder layer 1 input x']?.at(-1)).toBe(shapes['decoder/stack/layer1/kernel']?.[0])
    expect(flow['keys (encoder outputs)']?.at(-1)).toBe(shapes['decoder/attention/keyKernel']?.[0])
    expect(flow['query (decoder state)']?.at(-1)).toBe(shapes['decoder/attention/queryKernel']?.[0])
    expect(flow['output layer input [output; C]']?.at(-1)).toBe(shapes['head/kernel']?.[0])
    expect(flow.logits?.at(-1)).toBe(shapes['head/kernel']?.[1])
  })

  test('input feeding widens the first layer by the joined vector, which the output layer sees', () => {
    const context = { from: 'attention', scorer: 'general', position: 'after', inputFeeding: true }
    const set = [`model.context=${JSON.stringify(context)}`]
    const spec = specOf('configs/attention-additive.yaml', set)
    const flow = Object.fromEntries(tensorsOf(spec, sizes(33, 43)).map(({ name, axes }) => [name, axes]))
    expect(flow['input feeding: the previous h̃, concatenated to the input']).toEqual(['B', 'T', 128])
    expect(flow['decoder layer 1 input x']).toEqual(['B', 'T', 64 + 128])
    expect(flow['output layer input']).toEqual(['B', 'T', 128])
    const plain = specOf('configs/attention-additive.yaml', [...set, 'model.context.inputFeeding=false'])
    const rows = tensorsOf(plain, sizes(33, 43))
    expect(rows.find(({ name }) => name === 'decoder layer 1 input x')?.axes).toEqual(['B', 'T', 64])
    expect(rows.some(({ name }) => name.startsWith('joined vector'))).toBe(true)
    expect(rows.some(({ name }) => name.startsWith('fed'))).toBe(false)
  })

  test('names every part that was chosen, with its shapes here', () => {
    const { parts } = explain(additive, symbols)
    const reported = Object.fromEntries(parts.map(({ path, part, where }) => [path, [part.name, ...where]]))
    expect(reported['model.context.scorer']).toEqual([
      'additive',
      'query (decoder state) [B, 128]',
      'keys (encoder outputs) [B, S, 256]',
      'scores e [B, T, S]',
    ])
    expect(reported['model.source.representation']).toEqual(['embedding', 'embedded source [B, S, 64]'])
    expect(reported['model.encoder.cell']?.[0]).toBe('gru')
  })
})

describe('every config', () => {
  const files = readdirSync('configs').filter((file) => file.endsWith('.yaml'))

  test.each(files)('%s: the formula agrees with counting at other sizes', (file) => {
    const spec = specOf(`configs/${file}`)
    const values = spec.task.type === 'forecast'
    const kind = values ? 'width' : 'vocabulary'
    const features = spec.model.features !== undefined
    const characters = spec.model.source?.characters !== undefined
    const factors = spec.model.source?.factors && { factors: { pos: false } }
    const listed = { ...(features && { features }), ...(characters && { characters }), ...factors }
    const known: Known = { unknown: { source: kind, target: kind, ...listed } }
    const attributes = { characters: { vocabulary: 41, longest: 1 }, pos: { vocabulary: 43, longest: 1 } }
    const at = (source: number, target: number) =>
      values
        ? { ...sizes(1, 1), source: { width: source }, target: { width: target } }
        : { ...sizes(source, target), features: { vocabulary: 37, longest: 1 }, attributes }
    const count = (source: number, target: number) => countParameters(modelOf(spec, at(source, target)))
    const text = explain(spec, known).total
    const sizeOf: Readonly<Record<string, number>> = { s: 17, t: 29, f: 37, c: 41, pos: 43 }
    const value = text.split(' + ').reduce((sum, term) => {
      const [, factor = '1', name, square] = /^(?:([\d,]+)(?: |$))?(?:[VF]_(\w+?)(²)?)?$/.exec(term) ?? []
      const size = name === undefined ? 1 : (sizeOf[name] ?? Number.NaN)
      return sum + Number(factor.replaceAll(',', '')) * (square === undefined ? size : size ** 2)
    }, 0)
    expect(value).toBe(count(17, 29))
    expect(explain(spec, known).flow.length).toBeGreaterThan(3)
  })
})

test('a product of two sizes is a term of its own: features that an output layer reads as they are', () => {
  const known: Known = { unknown: { source: 'vocabulary', target: 'vocabulary', features: true } }
  const of = ({ target, features }: ModelSizes) => {
    if (!('vocabulary' in target) || features === undefined) throw new RangeError('there are no such sizes')
    return (features.vocabulary + 8) * target.vocabulary + 3 * features.vocabulary + 5
  }
  expect(formulaText(of, known)).toBe('8 V_t + 3 V_f + V_t V_f + 5')
})

test('a square is a term of its own: transitions from tag to tag; a higher degree is refused', () => {
  const of = (formula: (size: number) => number) => (given: ModelSizes) =>
    'vocabulary' in given.source ? formula(given.source.vocabulary) : Number.NaN
  expect(
    formulaText(
      of((size) => 3 * size ** 2 + 2 * size + 5),
      symbols,
    ),
  ).toBe('2 V_s + 3 V_s² + 5')
  const cube = () =>
    formulaText(
      of((size) => size ** 3),
      symbols,
    )
  expect(cube).toThrow(/not of the second degree/)
  expect(formulaText(() => 7, symbols)).toBe('7')
})

/** Every kind of part that a schema has a place for. */
function kindsIn(schema: Json): string[] {
  if (Array.isArray(schema)) return schema.flatMap(kindsIn)
  if (!isMap(schema)) return []
  const mark = schema['x-part']
  return [...(isMap(mark) ? [String(mark.kind)] : []), ...Object.values(schema).flatMap(kindsIn)]
}

test('the catalogue has every kind of part', () => {
  expect([...new Set(kindsIn(specSchema()))].sort()).toEqual(registries.map(({ kind }) => kind).sort())
})
