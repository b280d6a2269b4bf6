import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { examplesOf } from '../../../src/report/analysis/comparison/details/predictions.js'
import { findTrials } from '../../../src/report/analysis/comparison/read.js'
import { readFoundTrial } from '../../../src/report/analysis/comparison/read-trial.js'
import { attemptDirectory } from '../../../src/store/layout.js'
import { type MadeUp, type MadeUpOptions, madeUpSpec, madeUpTrial } from '../made-up.js'
import { plannedTrial, writeLaterEvaluation, writeStudy, writeTrial } from '../study.js'

const root = mkdtempSync(join(tmpdir(), 'seqlab-reading-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
const folder = (name: string) => join(root, name)
const trial = (label: string, more: MadeUpOptions = {}, record: Partial<MadeUp['record']> = {}): MadeUp => {
  const made = madeUpTrial({ label, study: 'cells', examples: 4, steps: 10, ...more })
  return { ...made, record: { ...made.record, ...record } }
}
const failed: Partial<MadeUp['record']> = { status: 'failed', metrics: {} }
const labels = (trials: readonly { readonly record: MadeUp['record'] }[]) => trials.map(({ record }) => record.label)
const refusal = (...paths: readonly string[]) =>
  findTrials(paths).then(
    () => undefined,
    ({ code, message, hint }: { code: string; message: string; hint: string }) => ({ code, message, hint }),
  )
const claim = { left: 'gru', right: 'lstm', metric: 'per', relation: 'better' as const }

describe('findTrials', async () => {
  const study = folder('cells')
  await writeStudy(study, [trial('gru'), trial('lstm'), trial('elman', {}, failed)], {
    claims: [claim],
    missing: [plannedTrial('later', 'new', 3), plannedTrial('begun', 'new', 4), plannedTrial('lost', 'new', 5)],
  })
  mkdirSync(attemptDirectory(study, 'begun', 1), { recursive: true })
  mkdirSync(join(study, 'lost'))
  await writeTrial(study, trial('stranger'))

  it('has the planned trials of a study, its claims, and what is missing of it', async () => {
    const found = await findTrials([study])
    expect(labels(found.trials)).toEqual(['gru', 'lstm', 'elman'])
    expect(found.claims).toEqual([{ claim, folder: realpathSync(study) }])
    expect(found.leads).toEqual([])
    expect(found.studies).toEqual([
      {
        ...{ name: 'cells', directory: study, planned: 6 },
        missing: [
          { trial: 'new, seed 3', state: 'not started' },
          { trial: 'new, seed 4', state: 'begun' },
        ],
      },
    ])
    expect(found.skipped).toEqual([{ path: join(study, 'lost'), reason: 'its manifest.json is missing' }])
  })

  it('reads single trials, each folder once by whatever path', async () => {
    const one = join(study, 'trial-gru-1')
    const link = folder('link')
    symlinkSync(one, link)
    const found = await findTrials([one, link, `${one}/../trial-gru-1`, join(study, 'trial-lstm-1')])
    expect(labels(found.trials)).toEqual(['gru', 'lstm'])
    expect([found.studies, found.claims, found.leads, found.skipped]).toEqual([[], [], [], []])
  })

  it('takes the trials of a folder without a plan, and says that it is missing', async () => {
    const loose = folder('loose')
    await writeTrial(loose, trial('gru'))
    const found = await findTrials([loose])
    expect(labels(found.trials)).toEqual(['gru'])
    expect(found.studies).toEqual([{ name: 'loose', directory: loose, planned: 1, missing: [] }])
    expect(found.skipped).toEqual([{ path: join(loose, 'study.json'), reason: 'it is missing' }])
  })

  it('counts the evaluations that are planned and not made', async () => {
    const searches = folder('searches')
    await writeStudy(searches, [trial('gru'), trial('lstm', {}, failed)], {
      evaluations: ({ evaluation: id, label, variant }) => [
        { id, label, variant },
        { id: 'be4m', label: `${label} beam`, variant },
      ],
    })
    const [found] = (await findTrials([searches])).studies
    expect(found?.planned).toBe(4)
    expect(found?.missing).toEqual([{ trial: 'gru beam, seed 1', state: 'not evaluated' }])
    writeLaterEvaluation(join(searches, 'trial-gru-1'), trial('gru beam', { identity: 'gru' }), 'be4m')
    const after = await findTrials([searches])
    expect(after.studies[0]?.missing).toEqual([])
    expect(labels(after.trials)).toEqual(['gru', 'gru beam', 'lstm'])
  })

  it('leaves a planned trial that cannot be read among the skipped alone', async () => {
    const damaged = folder('damaged')
    await writeStudy(damaged, [trial('gru'), trial('lstm')])
    rmSync(join(damaged, 'trial-gru-1', 'metrics.jsonl'))
    const found = await findTrials([damaged])
    expect(labels(found.trials)).toEqual(['lstm'])
    expect(found.skipped).toEqual([
      { path: join(damaged, 'trial-gru-1'), reason: expect.stringContaining('metrics.jsonl is missing') },
    ])
    expect(found.studies[0]?.missing).toEqual([])
  })

  it('refuses what is neither, with the studies that are there', async () => {
    const usual = 'Name a run or a study, such as runs/scorers.'
    expect(await refusal(folder('nowhere'))).toEqual({
      code: 'run',
      message: `${folder('nowhere')} is not a directory`,
      hint: usual,
    })
    writeFileSync(folder('file'), '')
    expect((await refusal(folder('file')))?.message).toBe(`${folder('file')} is not a directory`)
    mkdirSync(folder('empty'))
    expect(await refusal(folder('empty'))).toEqual({
      code: 'run',
      message: `${folder('empty')} holds no trials`,
      hint: usual,
    })
    const parent = folder('parent')
    for (let at = 0; at < 9; at++)
      await writeStudy(join(parent, `s${at}`), [], { missing: [plannedTrial('x', 'x', 1)] })
    mkdirSync(join(parent, 'other'))
    const refused = await refusal(parent)
    expect(refused?.message).toBe(`${parent} holds no trials`)
    expect(refused?.hint).toMatch(/^Name one or more: (\S*parent\/s\d, ){7}\S*parent\/s7$/)
  })

  it('lists a study that cannot be read as skipped, unless it is all', async () => {
    const broken = folder('broken')
    mkdirSync(broken)
    writeFileSync(join(broken, 'study.json'), '{')
    const alone = await refusal(broken)
    expect(alone?.message).toMatch(/broken holds no trials: .*study\.json/)
    expect(alone?.hint).toBe('Name a run or a study, such as runs/scorers.')
    const found = await findTrials([study, broken])
    expect(labels(found.trials)).toEqual(['gru', 'lstm', 'elman'])
    expect(found.studies.map(({ name }) => name)).toEqual(['cells'])
    expect(found.skipped.at(-1)).toEqual({
      path: join(broken, 'study.json'),
      reason: expect.stringContaining('study.json'),
    })
    expect((await refusal(broken, folder('broken/../broken')))?.message).toBe(alone?.message)
  })
})

describe('readFoundTrial', async () => {
  const directory = await writeTrial(folder('single'), trial('gru'))

  it('has the record, the curves and the statistics of the test examples', async () => {
    const { trials, skipped } = await readFoundTrial(directory, { dataDir: '/data', cwd: '/home' })
    expect(skipped).toEqual([])
    const [found] = trials
    expect(found).toMatchObject({
      ...{ directory, evaluation: 'final', dataDir: '/data', cwd: '/home', concerns: [] },
      validated: ['per', 'wer'].map((type) => ({ name: type, spec: { type } })),
    })
    expect(found?.statistics.per).toMatchObject({ examples: 4, width: 2 })
    expect(Object.keys(found?.curves ?? {})).toEqual(['training-loss'])
    expect(found?.lines.metrics).toMatch(/^[0-9a-f]{64}$/)
    expect(examplesOf(found).map(({ split }) => split)).toEqual(Array(4).fill('test'))
  })

  it('has the bad findings of the training alone', async () => {
    const wild = trial('wild')
    // Of 43 symbols a uniform guess costs log 43 = 3.76; gradients above the limit are no concern.
    const lines = wild.lines.map((line) => (line.kind === 'train' ? { ...line, loss: 9, gradientNorm: 9 } : line))
    const at = await writeTrial(folder('single'), { ...wild, lines })
    expect((await readFoundTrial(at, {})).trials[0]?.concerns).toEqual([
      'training loss at the end 9 nats per token, above a uniform guess among 43 symbols (3.76)',
    ])
  })

  it('has one without an evaluation where the trial has not finished', async () => {
    const at = await writeTrial(folder('single'), trial('stopped', {}, { status: 'cancelled', metrics: {} }))
    const { trials } = await readFoundTrial(at, { planned: [{ id: 'x' }] })
    expect(trials).toMatchObject([{ statistics: {}, record: { status: 'cancelled', label: 'stopped' } }])
    expect(trials[0]?.evaluation).toBeUndefined()
  })

  it('says why it cannot be read', async () => {
    expect(await readFoundTrial(folder('nowhere'), {})).toEqual({
      trials: [],
      skipped: [{ path: folder('nowhere'), reason: expect.any(String) }],
    })
  })

  it('takes planned evaluations, else those that no other one has with more metrics', async () => {
    const at = await writeTrial(folder('single'), trial('several'))
    const metrics = (...types: readonly string[]) =>
      ({ ...madeUpSpec, metrics: types.map((type) => ({ type })) }) as typeof madeUpSpec
    const beam = { ...metrics('per'), decode: { type: 'beam', width: 4 } } as unknown as typeof madeUpSpec
    const other = trial(
      'other data',
      { identity: 'several', spec: metrics('per') },
      { digests: { training: '4f3c5d7be0aa', test: 'x' } },
    )
    writeLaterEvaluation(at, trial('per alone', { identity: 'several', spec: metrics('per') }), 'per1')
    writeLaterEvaluation(at, trial('the same', { identity: 'several', spec: metrics('per', 'wer') }), 'per2')
    writeLaterEvaluation(at, trial('bleu alone', { identity: 'several', spec: metrics('bleu') }), 'bleu')
    writeLaterEvaluation(at, trial('beam', { identity: 'several', spec: beam }), 'beam')
    writeLaterEvaluation(at, other, 'data')
    const found = await readFoundTrial(at, {})
    expect(labels(found.trials).toSorted()).toEqual(['beam', 'bleu alone', 'other data', 'several', 'the same'])
    const planned = await readFoundTrial(at, { planned: [{ id: 'per1' }, { id: 'beam' }] })
    expect(labels(planned.trials).toSorted()).toEqual(['beam', 'per alone'])
    const elsewhere = found.trials.find(({ record }) => record.label === 'other data')?.record
    expect(elsewhere).toMatchObject({ digests: { training: '4f3c5d7be0aa', test: 'x' }, evaluation: 'data' })
    // Counts of the test split are of the one that the trial was trained with.
    expect(elsewhere?.data).toBeUndefined()
    const one = planned.trials.find(({ record }) => record.label === 'beam')
    expect(one?.record.data).toBeDefined()
    expect(one).toMatchObject({
      evaluation: 'beam',
      record: { spec: { decode: { type: 'beam' }, metrics: [{ type: 'per' }] } },
    })
  })
})
