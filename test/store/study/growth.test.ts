import { describe, expect, it } from 'vitest'
import { growthOf } from '../../../src/store/study/growth.js'
import type { StudyFile } from '../../../src/store/study/study-file.js'

type Trial = StudyFile['trials'][number]
type Settings = StudyFile['settings'][string]

const cells = { gru: { type: 'gru', reset: 'after' }, elman: { type: 'elman' } }
const settings = (cell: keyof typeof cells, steps = 10): Settings => ({
  task: { type: 'tag' },
  data: { source: { type: 'tsv', file: 'a.tsv' }, limit: null },
  model: { encoder: { cell: cells[cell], hidden: 4 } },
  train: { steps, optimizer: { type: 'adam', learningRate: 0.01 } },
})

interface Row {
  readonly id: string
  readonly label: string
  readonly seed?: number
  readonly settings?: Settings
  readonly trainingDigest?: string
  readonly start?: string
}

function planOf(...rows: readonly Row[]) {
  const trials = rows.map(({ id, label, seed = 1, trainingDigest = 'same', start }): Trial => {
    const variant = { cell: label }
    const evaluations = [{ id: 'e', label, variant }]
    return { id, label, variant, seed, settings: id, trainingDigest, ...(start && { start }), evaluations }
  })
  return {
    trials,
    earlier: [],
    settings: Object.fromEntries(rows.map((row) => [row.id, row.settings ?? settings('gru')])),
  }
}

const before = planOf({ id: 'g1', label: 'gru' }, { id: 'e1', label: 'elman', settings: settings('elman') })
const all = () => true

describe('a study that grew', () => {
  it('is one with a new seed and a new variant', () => {
    const now = planOf(
      { id: 'g1', label: 'gru' },
      { id: 'g2', label: 'gru', seed: 2 },
      { id: 'e1', label: 'elman' },
      { id: 'l1', label: 'lstm' },
    )
    expect(growthOf(before, now, all)).toEqual({ changes: [], added: new Set(['g2', 'l1']), earlier: [] })
  })

  it('keeps the trials of a value that was taken out, and knows them when it returns', () => {
    const { changes, earlier } = growthOf(before, planOf({ id: 'g1', label: 'gru' }), all)
    expect([changes, earlier.map(({ id }) => id)]).toEqual([[], ['e1']])
    const shrunk = { ...planOf({ id: 'g1', label: 'gru' }), earlier }
    expect(growthOf(shrunk, before, all)).toEqual({ changes: [], added: new Set(), earlier: [] })
  })
})

describe('a study that changed', () => {
  it('names other parameters under the same path of a warm start', () => {
    const [was, is] = [planOf({ id: 'g1', label: 'gru', start: 'a1' }), planOf({ id: 'g2', label: 'gru', start: 'b2' })]
    expect(growthOf(was, is, all).changes).toEqual(['content of train.init.from: sha256 a1 -> b2'])
    const unknown = planOf({ id: 'g1', label: 'gru' })
    expect(growthOf(unknown, is, all).changes).toEqual(['content of train.init.from: sha256 unknown -> b2'])
  })

  it('is described by paths, once for all variants', () => {
    const now = planOf(
      { id: 'g9', label: 'gru', settings: settings('gru', 12) },
      { id: 'e9', label: 'elman', settings: settings('elman', 12) },
    )
    expect(growthOf(before, now, all).changes).toEqual(['train.steps: 10 -> 12'])
  })

  it('names the variants that a change concerns', () => {
    const now = planOf(
      { id: 'g1', label: 'gru' },
      {
        id: 'e9',
        label: 'elman',
        settings: { ...settings('gru'), data: { source: { type: 'tsv', file: 'b.tsv' }, limit: 5 } },
      },
    )
    expect(growthOf(before, now, all).changes).toEqual([
      'data.source.file: a.tsv -> b.tsv (elman)',
      'data.limit: null -> 5 (elman)',
      'model.encoder.cell: elman -> gru(reset=after) (elman)',
    ])
  })

  it('says that the content of a file is another one', () => {
    const now = planOf({ id: 'g9', label: 'gru', trainingDigest: 'other' })
    expect(growthOf(before, now, all).changes).toEqual(['content of the training data: sha256 same -> other'])
  })

  it('is another study where no variant is left', () => {
    const now = planOf({ id: 'x1', label: 'aaren' })
    expect(growthOf(before, now, all).changes).toEqual(['none of its 2 variants is in this plan: gru; elman'])
  })

  it('is of no account before anything was started', () => {
    const now = planOf({ id: 'x1', label: 'gru', settings: settings('gru', 12) })
    expect(growthOf(before, now, () => false)).toEqual({ changes: [], added: new Set(['x1']), earlier: [] })
  })
})
