import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { findRun, findStudy } from '../../../src/store/study/find.js'
import { listRuns } from '../../../src/store/study/list.js'
import { madeUpSpec, madeUpTrial } from '../../report/made-up.js'
import { plannedTrial, writeStudy } from '../../report/study.js'

const root = mkdtempSync(join(tmpdir(), 'seqlab-find-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const small = { examples: 20, steps: 1000 }
const specOf = (batchSize: number) => ({ ...madeUpSpec, train: { ...madeUpSpec.train, batchSize } })
const first = madeUpTrial({ ...small, label: 'first', spec: specOf(32) })
const second = madeUpTrial({ ...small, label: 'second', spec: specOf(64) })
const missing = plannedTrial('not-yet', 'third', 3)
await writeStudy(join(root, 'pair'), [first, second], { missing: [missing] })
await writeStudy(join(root, 'begun'), [], { missing: [plannedTrial('begun-only', 'fourth', 4)] })
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
      fourth: 'waiting',
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
    await expect(findRun('begun', root)).rejects.toThrow('begun has no finished run')
  })
})

describe('findStudy', () => {
  it('ends with the name of the folder, however that was written', () => {
    const pair = join(root, 'pair')
    for (const written of [pair, `${pair}/`, `${pair}//`, `${pair}/.`, `${root}/single/../pair`, `${root}/./pair/`])
      expect(findStudy(written, root)).toBe(pair)
    expect(findStudy('pair/', root)).toBe(pair)
    const here = relative('', pair)
    expect(resolve(findStudy(`./${here}/`, root) ?? '')).toBe(pair)
    // What ends in dots has its name from where it leads.
    expect(findStudy('..', pair)).toBe(findStudy(resolve('..'), pair))
  })
})
