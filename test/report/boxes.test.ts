import { describe, expect, it } from 'vitest'
import { modelBoxes } from '../../src/report/render/boxes.js'
import { drawModel } from '../../src/report/render/drawing.js'
import { madeUpSpec } from './made-up.js'

const sizes = { source: { vocabulary: 30 }, target: { vocabulary: 43 } }
const { source, target, encoder, decoder } = madeUpSpec.model
const titles = (spec: Parameters<typeof modelBoxes>[0]) =>
  modelBoxes(spec, sizes).boxes.map(({ title, shape, column, row }) => `${column},${row} ${title} ${shape}`)

describe('modelBoxes', () => {
  it('puts the source on the left, the target on the right, C next to the decoder', () => {
    expect(titles(madeUpSpec)).toEqual([
      '0,0 source [B, S] of 30 symbols',
      '0,1 embedding [B, S, 64]',
      '0,2 encoder: bi-gru [B, S, 256]',
      '0,3 C: additive attention [B, T, 256]',
      '1,1 previous symbol [B, T] of 43 symbols',
      '1,2 embedding [B, T, 64]',
      '1,3 decoder: gru [B, T, 128]',
      '1,4 softmax [B, T, 43]',
    ])
    const { boxes, arrows } = modelBoxes(madeUpSpec, sizes)
    const named = arrows.map(({ from, to }) => `${boxes[from]?.title} > ${boxes[to]?.title}`)
    expect(named).toContain('C: additive attention > decoder: gru')
    expect(named).toContain('decoder: gru > C: additive attention')
  })

  it('is one column for a tagger, with its head at the end', () => {
    const model = { source, encoder } as typeof madeUpSpec.model
    expect(titles({ ...madeUpSpec, task: { type: 'tag' }, model })).toEqual([
      '0,0 source [B, S] of 30 symbols',
      '0,1 embedding [B, S, 64]',
      '0,2 encoder: bi-gru [B, S, 256]',
      '0,3 softmax (tag) [B, S, 43]',
    ])
  })

  it('has one box per layer, without overlaps', () => {
    const deep = {
      ...madeUpSpec,
      model: { ...madeUpSpec.model, encoder: { ...encoder, layers: 3 }, decoder: { ...decoder, layers: 2 } },
    } as typeof madeUpSpec
    const alone = { ...madeUpSpec, task: { type: 'generate' }, model: { source, target, decoder } } as typeof madeUpSpec
    for (const spec of [deep, alone]) {
      const { boxes } = modelBoxes(spec, undefined)
      expect(new Set(boxes.map(({ column, row }) => `${column},${row}`)).size).toBe(boxes.length)
      expect(Math.min(...boxes.map(({ row }) => row))).toBeGreaterThanOrEqual(0)
      expect(drawModel(spec, undefined, 'm').markup).toMatch(/^<svg /)
    }
  })
})
