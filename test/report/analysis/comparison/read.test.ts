import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { findTrials } from '../../../../src/report/analysis/comparison/read.js'
import { digestOf } from '../../../../src/store/files.js'
import { evaluationDirectory, evaluationPath, studyPath } from '../../../../src/store/layout.js'
import { formatLine, type LedgerEntry } from '../../../../src/store/study/ledger.js'
import { readStudyFile, type StudyFile, writeStudyFile } from '../../../../src/store/study/study-file.js'
import { finalEvaluationOf, writeEvaluation } from '../../../../src/store/trial/evaluation.js'
import { type MadeUp, madeUpTrial } from '../../made-up.js'
import { plannedTrial, writeLaterEvaluation, writeStudy, writeTrial } from '../../study.js'

const root = mkdtempSync(join(tmpdir(), 'seqlab-read-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const trial = (label: string, record: Partial<MadeUp['record']> = {}): MadeUp => {
  const made = madeUpTrial({ label, study: 'cells', examples: 2, steps: 10 })
  return { ...made, record: { ...made.record, ...record } }
}

/** A study's folder, its plan changed and its ledger written. */
async function studyOf(
  name: string,
  trials: readonly MadeUp[],
  more: Parameters<typeof writeStudy>[2] = {},
  change: (file: StudyFile) => StudyFile = (file) => file,
  entries: readonly LedgerEntry[] = [],
): Promise<string> {
  const directory = join(root, name)
  await writeStudy(directory, trials, more)
  const file = readStudyFile(directory)
  if (file === undefined) throw new Error('it was written')
  writeStudyFile(directory, change(file))
  if (entries.length > 0) writeFileSync(studyPath(directory, 'ledger'), entries.map(formatLine).join(''))
  return directory
}

const refusal = (...paths: readonly string[]) =>
  findTrials(paths).then(
    () => undefined,
    ({ code, message, hint }) => ({ code, message, hint }),
  )

describe('a study', () => {
  it('leads with what it compares, where it says so', async () => {
    const compare = { metric: 'wer', by: ['model.encoder.hidden'] }
    const leading = await studyOf('leading', [trial('gru')], {}, (file) => ({ ...file, compare }))
    const plain = await studyOf('plain', [trial('gru')])
    expect((await findTrials([plain, leading])).leads).toEqual([compare])
  })

  it('has the command that it was run by, and its trials the folders that their paths are relative to', async () => {
    const opened = { kind: 'opened', pid: 1, host: 'ada', machine: 'one core' } as const
    const directory = await studyOf(
      'opened',
      [trial('gru'), trial('lstm')],
      {},
      (file) => ({
        ...file,
        trials: file.trials.map((one, at) => (at === 0 ? { ...one, baseDir: '/data/gru' } : one)),
      }),
      [{ ...opened, command: 'seqlab run cells.yaml', cwd: '/home/ada' }],
    )
    const { studies, trials } = await findTrials([directory])
    expect(studies.map(({ command }) => command)).toEqual(['seqlab run cells.yaml'])
    expect(trials.map(({ record, dataDir, cwd }) => [record.label, dataDir, cwd])).toEqual([
      ['gru', '/data/gru', '/home/ada'],
      ['lstm', undefined, '/home/ada'],
    ])
    // A single trial has them from its study.
    const [alone] = (await findTrials([join(directory, 'trial-gru-1')])).trials
    expect([alone?.dataDir, alone?.cwd]).toEqual(['/data/gru', '/home/ada'])
  })

  it('gives its trials their study, by the name that its plan has, or by that of the record where there is no plan', async () => {
    const directory = await studyOf('renamed', [trial('gru')], {}, (file) => ({ ...file, study: 'new cells' }))
    const studiesIn = async (path: string) => (await findTrials([path])).trials.map(({ names }) => names[0]?.study)
    expect(await studiesIn(directory)).toEqual(['new cells'])
    await writeTrial(join(root, 'no plan'), trial('gru'))
    expect(await studiesIn(join(root, 'no plan', 'trial-gru-1'))).toEqual(['cells'])
  })

  it('has of each trial the evaluations that are planned of it, not those of another one', async () => {
    const directory = await studyOf('plans', [trial('gru'), trial('lstm')], {
      evaluations: ({ evaluation: id, label, variant }) => [{ id: label === 'gru' ? 'be4m' : id, label, variant }],
    })
    // Of gru there is one that is not planned, and none of those that are.
    const before = await findTrials([directory])
    expect(before.trials.map(({ record }) => record.label)).toEqual(['lstm'])
    expect(before.studies[0]?.missing).toEqual([{ trial: 'gru, seed 1', state: 'not evaluated' }])
    writeLaterEvaluation(join(directory, 'trial-gru-1'), trial('gru'), 'be4m')
    const { trials, studies } = await findTrials([directory])
    expect(trials.map(({ record, evaluation }) => [record.label, evaluation])).toEqual([
      ['gru', 'be4m'],
      ['lstm', 'final'],
    ])
    expect(studies[0]?.missing).toEqual([])
  })

  it('knows when its claims were first written', async () => {
    const claim = { left: 'gru', right: 'lstm', metric: 'per', relation: 'better' as const }
    const directory = await studyOf('claimed', [trial('gru')], { claims: [claim] })
    expect((await findTrials([directory])).claims).toEqual([
      { claim, folder: realpathSync(directory), registered: undefined },
    ])
  })
})

describe('what is missing', () => {
  const started = (trialId: string, queue?: 'waits' | 'begun'): LedgerEntry => ({
    ...{ kind: 'started', trialId, attempt: 1 },
    ...(queue && { queue }),
  })

  it('is what has no result, under every evaluation that is planned of it', async () => {
    const waiting = { ...plannedTrial('w', 'wide', 3), evaluations: [] }
    const several = {
      ...plannedTrial('s', 'several', 4),
      evaluations: ['greedy', 'beam'].map((label) => ({ id: label, label, variant: {} })),
    }
    const single = { ...plannedTrial('o', 'one', 5), evaluations: [{ id: 'beam', label: 'one beam', variant: {} }] }
    const directory = await studyOf('waiting', [trial('gru')], { missing: [waiting, several, single] })
    const [found] = (await findTrials([directory])).studies
    // A trial that is planned without an evaluation counts as one, by its own label.
    expect(found?.planned).toBe(1 + 1 + 2 + 1)
    expect(found?.missing).toEqual([
      { trial: 'wide, seed 3', state: 'not started' },
      { trial: 'greedy, seed 4', state: 'not started' },
      { trial: 'beam, seed 4', state: 'not started' },
      { trial: 'one beam, seed 5', state: 'not started' },
    ])
  })

  it('may wait in the queue of a cluster', async () => {
    const missing = ['q', 'b', 'n'].map((id, at) => plannedTrial(id, 'x', at + 1))
    const entries = [started('q', 'waits'), started('b', 'begun')]
    const directory = await studyOf('queued', [], { missing }, undefined, entries)
    writeFileSync(studyPath(directory, 'queue'), '{}')
    expect((await findTrials([directory])).studies[0]?.missing).toEqual([
      { trial: 'x, seed 1', state: 'queued' },
      { trial: 'x, seed 2', state: 'not started' },
      { trial: 'x, seed 3', state: 'not started' },
    ])
  })

  it('is not what is damaged, whatever else is skipped', async () => {
    const directory = await studyOf('damaged', [trial('gru'), trial('lstm'), trial('elman')])
    for (const label of ['gru', 'elman']) rmSync(join(directory, `trial-${label}-1`, 'metrics.jsonl'))
    const { studies, skipped, trials } = await findTrials([directory])
    expect(skipped.map(({ path }) => path)).toEqual(
      ['gru', 'elman'].map((label) => join(directory, `trial-${label}-1`)),
    )
    expect(trials.map(({ record }) => record.label)).toEqual(['lstm'])
    expect(studies[0]?.missing).toEqual([])
  })

  it('is nothing under the name of one evaluation: trials without it are skipped', async () => {
    const directory = await studyOf('named', [trial('gru'), trial('lstm')], { missing: [plannedTrial('x', 'x', 1)] })
    writeLaterEvaluation(join(directory, 'trial-gru-1'), trial('mine'), 'mine')
    const { studies, trials, skipped } = await findTrials([directory], { evaluation: 'mine' })
    expect(studies).toMatchObject([{ planned: 3, missing: [] }])
    expect(trials.map(({ record, evaluation }) => [record.label, evaluation])).toEqual([['mine', 'mine']])
    expect(skipped).toEqual([{ path: join(directory, 'trial-lstm-1'), reason: 'it has no evaluation mine' }])
  })
})

describe('published figures', () => {
  const figure = { metric: 'per', value: 0.1 }
  const withFigures = (name: string, figures: NonNullable<StudyFile['published']>['figures']) =>
    studyOf(name, [trial('gru')], {}, (file) => ({ ...file, published: { source: 'Ada 1843', figures } }))

  /** The study's only model as an ensemble, which has no plan. */
  function writeEnsemble(study: string) {
    const { record, predictions } = trial('gru')
    const text = predictions.map((line) => `${JSON.stringify(line)}\n`).join('')
    mkdirSync(evaluationDirectory(study, 'e1'), { recursive: true })
    writeFileSync(evaluationPath(study, 'e1', 'predictions'), text)
    writeEvaluation(study, {
      ...{ ...finalEvaluationOf(record, digestOf(text)), name: 'e1', id: 'e1' },
      together: [record.trialId],
    })
  }

  it('are stated by a study, with their source', async () => {
    const directory = await withFigures('stated', [figure])
    writeEnsemble(directory)
    const { published, ensembles } = await findTrials([directory])
    expect(published).toEqual([{ figure, source: 'Ada 1843', folder: realpathSync(directory) }])
    // None of them is of an ensemble.
    expect(ensembles).toEqual([])
  })

  it('of an ensemble need the models that predicted together, which may be damaged', async () => {
    const directory = await withFigures('together', [figure, { ...figure, ensemble: true }])
    writeEnsemble(directory)
    const found = await findTrials([directory])
    expect(found.ensembles).toMatchObject([{ id: 'e1', statistics: { per: { examples: 2, width: 2 } } }])
    expect(found.skipped).toEqual([])
    writeFileSync(evaluationPath(directory, 'e1', 'predictions'), '')
    const damaged = await findTrials([directory])
    expect(damaged.ensembles).toEqual([])
    expect(damaged.skipped).toEqual([
      { path: directory, reason: expect.stringContaining('its checksum does not match') },
    ])
  })
})

describe('a folder without trials', () => {
  it('is refused beside studies that can be read: it is none', async () => {
    const empty = join(root, 'empty')
    mkdirSync(empty)
    const study = await studyOf('beside', [trial('gru')])
    expect(await refusal(study, empty)).toMatchObject({ code: 'run', message: `${empty} holds no trials` })
  })

  it('has no hint where the system refuses to read its plan', async () => {
    const refused = join(root, 'refused')
    mkdirSync(refused)
    symlinkSync('study.json', join(refused, 'study.json'))
    const error = await refusal(refused)
    expect(error?.message).toMatch(/refused holds no trials: .*study\.json/)
    expect(error?.hint).toBeUndefined()
  })
})
