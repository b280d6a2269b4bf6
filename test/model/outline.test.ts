import { describe, expect, it } from 'vitest'
import { randomStream } from '../../src/core/random.js'
import { leaves } from '../../src/core/tree.js'
import type { Axis } from '../../src/model/axes.js'
import { loadSpecs } from '../../src/spec/plan/load-specs.js'
import { modelOf } from '../../src/spec/plan/parameters.js'
import type { TaskModel } from '../../src/task/types.js'
import { everyCombination, isLegal, resolve } from '../conformance/combinations.js'

const sizes = (source: number, target: number) => ({
  source: { vocabulary: source },
  target: { vocabulary: target },
  longestSource: 1,
  longestTarget: 1,
})

function modelWith(...set: string[]): TaskModel {
  return modelIn('configs/attention-additive.yaml', set)
}

function modelIn(file: string, set: readonly string[] = []): TaskModel {
  const [loaded] = loadSpecs([file], { set }).specs
  if (loaded === undefined) throw new Error('no spec')
  return modelOf(loaded.spec, sizes(33, 43))
}

/** `V_s:source symbols`, each part of joined axes by itself. */
const named = ({ name, index, parts }: Axis): string[] =>
  parts === undefined ? [`${name}:${index}`] : parts.flatMap(named)

describe('axes of parameters', () => {
  it('say what indexes them, also within joined axes', () => {
    const axes = (model: TaskModel) =>
      Object.fromEntries(leaves(model.parameters).map(([path, spec]) => [path, spec.axes.map(named)]))
    const plain = axes(modelWith())
    expect(plain['source/table']).toEqual([['V_s:source symbols'], ['E:units']])
    expect(plain['target/table']).toEqual([['V_t:target symbols'], ['E:units']])
    expect(plain['head/kernel']?.[1]).toEqual(['V_t:target symbols'])
    expect(plain['head/bias']).toEqual([['V_t:target symbols']])
    // Two one-hot sides: symbols index the first kernel's rows; in the decoder C's units follow them.
    const oneHot = axes(modelWith('model.source.representation=one-hot', 'model.target.representation=one-hot'))
    expect(oneHot['encoder/layer1/forward/kernel']?.[0]).toEqual(['V_s:source symbols'])
    expect(oneHot['decoder/stack/layer1/kernel']?.[0]?.[0]).toBe('V_t:target symbols')
    expect(oneHot['decoder/stack/layer1/kernel']?.[0]?.slice(1).every((axis) => axis.endsWith(':units'))).toBe(true)
  })

  it.each(['configs/tickets-tag.yaml', 'configs/names-classify.yaml'])('say that labels are labels: %s', (file) => {
    const { parameters } = modelIn(file)
    const ofHead = leaves(parameters).flatMap(([path, { axes }]) =>
      path.startsWith('head/') ? axes.flatMap(named) : [],
    )
    expect(ofHead.filter((axis) => axis.startsWith('V_t'))).toEqual(['V_t:labels', 'V_t:labels'])
  })

  it('have the sizes of the shape, in a sample of all combinations', () => {
    const sample = randomStream(5, 'test').shuffle(everyCombination()).slice(0, 200).map(resolve).filter(isLegal)
    expect(sample.length).toBeGreaterThan(100)
    for (const { name, spec } of sample) {
      const values = spec.task.type === 'forecast'
      const space = values ? { width: 2 } : { vocabulary: 9 }
      const features = { vocabulary: 9, longest: 2 }
      const value = { vocabulary: 5, longest: 1 }
      const feats = { vocabulary: 6, longest: 2, several: true }
      const attributes = { characters: { vocabulary: 7, longest: 3 }, pos: value, feats }
      const sizes = { source: space, target: space, features, attributes, longestSource: 1, longestTarget: 2 }
      const { parameters } = modelOf(spec, sizes)
      for (const [path, { shape, axes }] of leaves(parameters)) {
        expect([name, path, axes.map(({ size }) => size)]).toEqual([name, path, [...shape]])
        for (const { size, parts } of axes) {
          if (parts !== undefined) expect(parts.reduce((sum, part) => sum + part.size, 0)).toBe(size)
        }
      }
    }
  })
})

describe('the outline', () => {
  it('has an id for every node, and arrows between drawn ones', () => {
    for (const set of [[], ['model.decoder.layers=2', 'model.encoder.layers=3'], ['model.context=last-state']]) {
      const { nodes, arrows } = modelWith(...set).outline
      const ids = nodes.map(({ id }) => id)
      expect(new Set(ids).size).toBe(ids.length)
      const drawn = nodes.filter(({ box }) => box !== undefined).map(({ id }) => id)
      for (const { from, to } of arrows) expect(drawn).toEqual(expect.arrayContaining([from, to]))
    }
  })

  it('counts the multiplications of the main model', () => {
    const { nodes } = modelWith().outline
    const per = (kind: string) =>
      nodes
        .flatMap(({ work }) => work)
        .reduce((sum, { per, multiplyAdds }) => sum + (per === kind ? multiplyAdds : 0), 0)
    const gru = (input: number) => 3 * 128 * (input + 128)
    expect(per('source step')).toBe(2 * gru(64) + 256 * 128)
    expect(per('target step')).toBe(gru(64 + 256) + 128 * 128 + (128 + 256) * 43)
    expect(per('pair of steps')).toBe(128 + 256)
    expect(per('example')).toBe(256 * 128)
  })
})
