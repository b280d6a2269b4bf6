import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { sampleChanges, settingChanges } from '../../src/report/analysis/changes.js'
import { loadTrial } from '../../src/store/index.js'
import { madeUpSpec, madeUpTrial } from './made-up.js'
import { writeStudy } from './study.js'

const root = mkdtempSync(join(tmpdir(), 'seqlab-changes-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const small = { examples: 20, steps: 1000 }
const specOf = (batchSize: number) => ({ ...madeUpSpec, train: { ...madeUpSpec.train, batchSize } })
const first = madeUpTrial({ ...small, label: 'first', spec: specOf(32) })
const second = madeUpTrial({ ...small, label: 'second', spec: specOf(64) })
await writeStudy(join(root, 'pair'), [first, second])

describe('what changed between two runs', () => {
  it('is the settings, and the predictions by what became of them', async () => {
    const [a, b] = await Promise.all(
      ['first', 'second'].map((label) => loadTrial(join(root, 'pair', `trial-${label}-1`))),
    )
    if (a === undefined || b === undefined) throw new Error('two runs')
    expect(settingChanges(a, b)).toEqual([{ path: 'train.batchSize', before: 32, after: 64 }])
    expect(sampleChanges(a, b)).toEqual([])
    const test = a.predictions.filter(({ split }) => split === 'test')
    const spoilt = { ...b, predictions: test.map((line) => ({ ...line, hypothesis: ['X'] })) }
    // Of as many symbols, the first the same.
    const near = {
      ...b,
      predictions: test.map((line) => ({ ...line, hypothesis: [...line.hypothesis.slice(0, 1), 'X'] })),
    }
    const far = {
      ...b,
      predictions: test.map((line) => ({ ...line, hypothesis: [...line.hypothesis.slice(0, 1), 'Y'] })),
    }
    expect(sampleChanges(near, far)).toHaveLength(test.length)
    const right = test.filter(({ statistics }) => statistics.wer?.[0] === 0).length
    const changes = sampleChanges(a, spoilt) ?? []
    expect(changes.filter(({ kind }) => kind === 'broken')).toHaveLength(right)
    expect(changes.filter(({ kind }) => kind === 'still wrong')).toHaveLength(test.length - right)
    const fixed = sampleChanges(spoilt, a) ?? []
    expect(fixed.filter(({ kind }) => kind === 'fixed')).toHaveLength(right)
  })
})
