import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { applyUpdate, emptyModel, type Model } from '../../../src/report/live/model.js'
import type { Query, TrialRow } from '../../../src/report/live/types.js'
import { Watch } from '../../../src/report/live/watch/index.js'
import { madeUpTrial } from '../made-up.js'
import { growingStudy, linesOf } from './growing-study.js'

const root = mkdtempSync(join(tmpdir(), 'seqlab-watch-'))
afterAll(() => rmSync(root, { recursive: true }))
const runsIn = (name: string) => join(root, name)

const trials = [
  { id: 'aa', label: 'gru', seed: 1 },
  { id: 'bb', label: 'gru', seed: 2 },
  { id: 'cc', label: 'lstm', seed: 1 },
]

/** A page that looks at a folder, and gets what it does not know yet. */
function page(watch: Watch, query: Partial<Query>) {
  const model = emptyModel()
  const asked = { studies: false, runs: [], fresh: [], ...query }
  return {
    model,
    look: async () => {
      await watch.refresh()
      const update = watch.update(asked, model.since)
      if (update !== undefined) applyUpdate(model, update, Date.now())
      return update
    },
  }
}

const row = (model: Model, id: string): Partial<TrialRow> => model.trials.get(`s/${id}`) ?? {}
const points = (model: Model, run: string, curve: string) => model.curves.get(run)?.get(curve)?.points ?? []

describe('a study that is worked on', () => {
  it('is told as it grows: what waits, runs, is done, is best, and until when', async () => {
    const runs = runsIn('grows')
    const study = await growingStudy(runs, 's', trials)
    const { model, look } = page(new Watch(runs), { studies: true, study: 's' })
    await look()
    expect(model.studies.get('s')).toMatchObject({ trials: 3, counts: { waiting: 3 }, open: true })
    study.start('aa')
    study.record('aa', linesOf(0, 150))
    await look()
    expect(model.studies.get('s')?.counts).toEqual({ running: 1, waiting: 2 })
    expect(row(model, 'aa')).toMatchObject({ status: 'running', step: 150, steps: 1000, dev: { text: '20.0 %' } })
    expect(row(model, 'aa').endMs).toBeGreaterThan(Date.now() - 10_000)
    study.record('aa', linesOf(150, 1000))
    await look()
    expect(row(model, 'aa')).toMatchObject({ step: 1000, dev: { metric: 'PER', text: '2.0 %' } })
    await study.publish('aa', madeUpTrial({ label: 'gru', examples: 40, steps: 100 }))
    await look()
    expect(row(model, 'aa')).toMatchObject({ status: 'completed', hasReport: true, test: { metric: 'PER' } })
    expect(model.studies.get('s')).toMatchObject({ counts: { completed: 1, waiting: 2 }, best: { metric: 'PER' } })
    study.start('bb')
    study.leave()
    await look()
    expect(model.studies.get('s')).toMatchObject({ counts: { completed: 1, interrupted: 1, waiting: 1 }, open: false })
    expect(model.studies.get('s')?.endMs).toBeUndefined()
  })

  it('expects the end of a resumed attempt by its own steps and time', async () => {
    const runs = runsIn('resumed')
    const study = await growingStudy(runs, 's', trials)
    study.start('aa', 2, 800)
    const attempt = join(study.directory, 'attempts', 'aa', '2')
    const now = Date.now()
    utimesSync(join(attempt, 'started.json'), new Date(now - 100_000), new Date(now - 100_000))
    study.record('aa', linesOf(0, 850), 2)
    utimesSync(join(attempt, 'metrics.jsonl'), new Date(now), new Date(now))
    const { model, look } = page(new Watch(runs), { studies: true, study: 's' })
    await look()
    // 50 steps in 100 s leave 150 steps in 300 s; two others wait for 1,000 steps each, 2,000 s.
    expect(Math.abs((row(model, 'aa').endMs ?? 0) - (now + 300_000))).toBeLessThanOrEqual(2500)
    expect(Math.abs((model.studies.get('s')?.endMs ?? 0) - (now + 4_300_000))).toBeLessThanOrEqual(30_000)
    study.leave()
  })

  it('has nothing to tell where nothing happened', async () => {
    const runs = runsIn('rests')
    const study = await growingStudy(runs, 's', trials)
    const { look } = page(new Watch(runs), { studies: true, study: '*' })
    expect((await look())?.whole).toBe(true)
    expect(await look()).toBeUndefined()
    study.leave()
    expect((await look())?.studies).toHaveLength(1)
    expect(await look()).toBeUndefined()
  })
})

describe('curves', () => {
  it('come whole and thinned first, then by what is new, and from the version where a page was', async () => {
    const runs = runsIn('curves')
    const study = await growingStudy(runs, 's', trials)
    study.start('aa')
    study.record('aa', linesOf(0, 3000))
    const watch = new Watch(runs)
    const { model, look } = page(watch, { runs: ['s/aa'] })
    await look()
    const first = points(model, 's/aa', 'training-loss')
    expect(first.length).toBeGreaterThan(190)
    expect(first.length).toBeLessThanOrEqual(400)
    expect(first.at(-1)?.[0]).toBe(3000)
    expect(points(model, 's/aa', 'per')).toHaveLength(30)
    const away = model.since
    study.record('aa', linesOf(3000, 3010))
    const next = await look()
    const few = next?.curves?.find(({ kind }) => kind.name === 'training-loss')
    expect(few?.points.length).toBeLessThan(5)
    expect(points(model, 's/aa', 'training-loss').at(-1)?.[0]).toBe(3010)
    study.record('aa', linesOf(3010, 3020))
    await look()
    const back = watch.update({ studies: false, runs: ['s/aa'], fresh: [] }, away)
    expect(back?.whole).toBe(false)
    expect(back?.curves?.[0]?.after).toBeGreaterThan(2900)
    const whole = watch.update({ studies: false, runs: ['s/aa'], fresh: ['s/aa'] }, model.since)
    expect(whole?.curves?.[0]?.after).toBe(-1)
    expect(watch.update({ studies: false, runs: [], fresh: [] }, 'another-7')?.whole).toBe(true)
    study.leave()
  })

  it('begin anew with an attempt that continued from an earlier step, and go on where a trial is published', async () => {
    const runs = runsIn('attempts')
    const study = await growingStudy(runs, 's', trials)
    study.start('aa')
    study.record('aa', linesOf(0, 50))
    const { model, look } = page(new Watch(runs), { runs: ['s/aa'] })
    await look()
    study.start('aa', 2)
    study.record('aa', linesOf(0, 20), 2)
    await look()
    expect(points(model, 's/aa', 'training-loss').at(-1)).toEqual([20, 0.25])
    study.leave()
  })

  it('keep a peak however long they grow', async () => {
    const runs = runsIn('peaks')
    const study = await growingStudy(runs, 's', trials)
    study.start('aa')
    const lines = linesOf(0, 3000)
    const peak = lines.map((line) => (line.kind === 'train' && line.step === 1234 ? { ...line, loss: 99 } : line))
    study.record('aa', peak)
    const { model, look } = page(new Watch(runs), { runs: ['s/aa'] })
    await look()
    expect(points(model, 's/aa', 'training-loss')).toContainEqual([1234, 99])
    study.leave()
    const kind = { name: 'training-loss', title: '', unit: 'nats', axis: '' } as const
    const values = Array.from({ length: 2000 }, (_, step) => [step, step === 777 ? 99 : 0] as const)
    for (const id of ['b-1', 'b-2']) {
      const curve = { run: 'r', kind, after: -1, points: values }
      applyUpdate(model, { id, nowMs: 0, whole: false, curves: [curve] }, 0)
    }
    expect(points(model, 'r', 'training-loss')).toContainEqual([777, 99])
  })

  it('of a page that stays are no longer than can be drawn', () => {
    const model = emptyModel()
    const kind = { name: 'training-loss', title: '', unit: 'nats', axis: '' } as const
    for (let step = 0; step < 5000; step += 10) {
      const curve = {
        run: 'r',
        kind,
        after: step - 1,
        points: Array.from({ length: 10 }, (_, at) => [step + at, step + at] as const),
      }
      applyUpdate(model, { id: `a-${step}`, nowMs: 0, whole: step === 0, curves: [curve] }, 0)
    }
    const drawn = points(model, 'r', 'training-loss')
    expect(drawn.length).toBeLessThanOrEqual(800)
    expect(drawn.at(-1)?.[0]).toBe(4999)
    for (const [step, value] of drawn) expect(Math.abs(step - value)).toBeLessThan(32)
  })
})

describe('what is outside of the folder', () => {
  it('is not read through links, and no study', async () => {
    const runs = runsIn('links')
    const outside = await growingStudy(join(root, 'outside'), 'hidden', trials)
    const study = await growingStudy(runs, 's', trials)
    symlinkSync(outside.directory, join(runs, 'linked'))
    mkdirSync(join(runs, 's', 'attempts', 'aa', '1'), { recursive: true })
    writeFileSync(join(root, 'secret.jsonl'), `${JSON.stringify(linesOf(0, 1)[0])}\n`)
    symlinkSync(join(root, 'secret.jsonl'), join(runs, 's', 'attempts', 'aa', '1', 'metrics.jsonl'))
    mkdirSync(join(runs, 'no-study'))
    const watch = new Watch(runs)
    const { model, look } = page(watch, { studies: true, study: '*', runs: ['s/aa', 'linked/aa', 's/../outside'] })
    await look()
    expect([...model.studies.keys()]).toEqual(['s'])
    expect(model.curves.size).toBe(0)
    expect(row(model, 'aa').step).toBeUndefined()
    outside.leave()
    study.leave()
  })
})
