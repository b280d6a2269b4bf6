import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { sampleChanges, settingChanges } from '../../src/report/changes.js'
import { findRun, listRuns } from '../../src/report/find.js'
import { sparkline } from '../../src/report/render/sparkline.js'
import { readRun } from '../../src/runner/read.js'
import { madeUpSpec, madeUpTrial } from './made-up.js'
import { writeStudy } from './study.js'

const root = mkdtempSync(join(tmpdir(), 'seqlab-find-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const small = { examples: 20, steps: 1000 }
const specOf = (batchSize: number) => ({ ...madeUpSpec, train: { ...madeUpSpec.train, batchSize } })
const first = madeUpTrial({ ...small, label: 'first', spec: specOf(32) })
const second = madeUpTrial({ ...small, label: 'second', spec: specOf(64) })
const missing = { id: 'not-yet', label: 'third', variant: {}, seed: 3, specHash: 'x', dataDigest: 'y' }
await writeStudy(join(root, 'pair'), [first, second], { missing: [missing] })
await writeStudy(join(root, 'single'), [madeUpTrial({ ...small, label: 'alone' })])

describe('listRuns', () => {
  it('lists every run with its status, the waiting and the damaged too', async () => {
    const record = join(root, 'pair', second.record.trialId, 'record.json')
    const whole = readFileSync(record)
    writeFileSync(record, whole.toString().replace('"value"', '"valuE"'))
    const runs = await listRuns(root)
    expect(Object.fromEntries(runs.map(({ label, status }) => [label, status]))).toEqual({
      first: 'completed',
      second: 'damaged',
      third: 'waiting',
      alone: 'completed',
    })
    expect(runs.find(({ label }) => label === 'second')?.problem).toContain('record.json is damaged')
    writeFileSync(record, whole)
  })
})

describe('findRun', () => {
  it('takes a folder, a study of one run, or the start of an id', async () => {
    const alone = join(root, 'single', 'trial-alone-1')
    expect(await findRun(alone, root)).toBe(alone)
    expect(await findRun('single', root)).toBe(alone)
    expect(await findRun('trial-fir', root)).toBe(join(root, 'pair', 'trial-first-1'))
    expect(await findRun('pair/trial-sec', root)).toBe(join(root, 'pair', 'trial-second-1'))
  })

  it('names the choices where there is not exactly one', async () => {
    await expect(findRun('pair', root)).rejects.toMatchObject({ message: 'pair holds 2 runs' })
    await expect(findRun('nothing', root)).rejects.toThrow(/No run is called nothing/)
  })
})

describe('what changed between two runs', () => {
  it('is the settings, and the predictions by what became of them', async () => {
    const [a, b] = await Promise.all(
      ['first', 'second'].map((label) => readRun(join(root, 'pair', `trial-${label}-1`))),
    )
    if (a === undefined || b === undefined) throw new Error('two runs')
    expect(settingChanges(a, b)).toEqual([{ path: 'train.batchSize', before: 32, after: 64 }])
    expect(sampleChanges(a, b)).toEqual([])
    const test = a.predictions.filter(({ split }) => split === 'test')
    const spoilt = { ...b, predictions: test.map((line) => ({ ...line, hypothesis: ['X'] })) }
    const right = test.filter(({ statistics }) => statistics.wer?.[0] === 0).length
    const changes = sampleChanges(a, spoilt) ?? []
    expect(changes.filter(({ kind }) => kind === 'broken')).toHaveLength(right)
    expect(changes.filter(({ kind }) => kind === 'still wrong')).toHaveLength(test.length - right)
    const mended = sampleChanges(spoilt, a) ?? []
    expect(mended.filter(({ kind }) => kind === 'mended')).toHaveLength(right)
  })
})

describe('sparkline', () => {
  it('goes from the lowest to the highest, averaged to its width', () => {
    expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7], 8)).toBe('▁▂▃▄▅▆▇█')
    expect(sparkline([0, 0, 7, 7], 2)).toBe('▁█')
    expect(sparkline([3, 3], 8)).toBe('▁▁')
    expect(sparkline([], 8)).toBe('')
  })
})
