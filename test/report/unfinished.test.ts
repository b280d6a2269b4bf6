import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { compare } from '../../src/report/analysis/comparison/compare.js'
import { headline } from '../../src/report/analysis/comparison/headline.js'
import { findTrials } from '../../src/report/analysis/comparison/read.js'
import { formatComparison, writeComparison } from '../../src/report/render/comparison/write.js'
import { createAttempt, createBatch, lockStudy } from '../../src/store/index.js'
import { attemptDirectory, elementPath } from '../../src/store/layout.js'
import { madeUpTrial } from './made-up.js'
import { plannedTrial, writeStudy } from './study.js'

const root = mkdtempSync(join(tmpdir(), 'seqlab-unfinished-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const trial = (label: string, seed: number) =>
  madeUpTrial({ label, seed, study: 'cells', identity: label, examples: 40, steps: 200 })
const unfinished = join(root, 'cells')
const linksOf = (page: string) => [...page.matchAll(/<a href="([^"#][^"]*)"/g)].map(([, href]) => href)

describe('a study that is not finished', () => {
  it('says in every format, first of all, how many trials are not started, running, failed or not evaluated', async () => {
    const failed = trial('lstm', 2)
    const error = { code: 'training' as const, message: 'The loss is NaN at step 7', problems: [] }
    await writeStudy(
      unfinished,
      [
        trial('gru', 1),
        trial('gru', 2),
        { ...failed, record: { ...failed.record, status: 'failed', metrics: {}, error } },
      ],
      {
        missing: [plannedTrial('later', 'lstm', 3), plannedTrial('running', 'lstm', 4)],
        evaluations: ({ evaluation: id, label, variant }) => [
          { id, label, variant },
          ...(label === 'gru' ? [{ id: 'beam', label: 'gru beam', variant }] : []),
        ],
      },
    )
    mkdirSync(attemptDirectory(unfinished, 'running', 1), { recursive: true })
    const report = compare(await findTrials([unfinished]), { command: 'seqlab compare' })
    const first =
      'Unfinished: 4 of 7 results of cells are missing: 1 not started (lstm, seed 3), 1 running or interrupted (lstm, seed 4), 2 trained and not evaluated yet (gru beam, seed 1; gru beam, seed 2).'
    const second = '1 of 1 trial of lstm failed and is excluded (seed 2: The loss is NaN at step 7).'
    expect(headline(report).slice(0, 2)).toEqual([first, second])
    const page = await formatComparison(report, 'html')
    const banner = page.slice(page.indexOf('id="unfinished"'), page.indexOf('id="answer"'))
    for (const text of [first, second, 'gru beam, seed 2: not evaluated', 'lstm, seed 4: begun'])
      expect(banner).toContain(text)
    expect(page).toContain('failed: The loss is NaN at step 7')
    const markdown = await formatComparison(report, 'md')
    expect(markdown.split('\n\n').slice(1, 3)).toEqual([first, second])
    expect(markdown).toContain('| lstm | 2 | failed: The loss is NaN at step 7 |')
  })

  it('says what waits in the queue of a cluster', async () => {
    const away = join(root, 'away')
    await writeStudy(away, [trial('gru', 1)], {
      missing: [plannedTrial('one', 'gru', 2), plannedTrial('two', 'gru', 3)],
    })
    const elements = ['one', 'two'].map((trialId) => [{ trialId, attempt: 1 }])
    const study = await lockStudy(away, 'test')
    for (const each of elements.flat()) {
      study.ledger.append({ kind: 'started', ...each })
      createAttempt(away, each, 'task: tag\n')
    }
    study.close()
    const { directory } = createBatch(away, { name: 'seqlab-away', elements, script: () => '', tasks: [] })
    writeFileSync(elementPath(directory, 0, 'began'), '')
    expect(headline(compare(await findTrials([away]), { command: 'seqlab compare' }))[0]).toBe(
      'Unfinished: 2 of 3 results of cells are missing: 1 waiting in the queue of a cluster (gru, seed 3), 1 running or interrupted (gru, seed 2).',
    )
  })

  it('has no banner once all is finished', async () => {
    const finished = join(root, 'finished')
    await writeStudy(finished, [trial('gru', 1)])
    const report = compare(await findTrials([finished]), { command: 'seqlab compare' })
    expect(await formatComparison(report, 'html')).not.toContain('id="unfinished"')
    expect(headline(report)).toHaveLength(1)
  })
})

describe('a model that diverged', () => {
  it('is named first, and in the tables of both forms', async () => {
    const directory = join(root, 'diverged')
    const wild = trial('lstm', 1)
    const lines = wild.lines.map((line) => (line.kind === 'train' ? { ...line, loss: 9 } : line))
    await writeStudy(directory, [trial('gru', 1), { ...wild, lines }])
    const report = compare(await findTrials([directory]), { command: 'seqlab compare' })
    const [sentence] = headline(report)
    expect(sentence).toMatch(
      /^In bad health, and counted all the same: 1 of 2 trials \(lstm, seed 1: training loss at the end 9 /,
    )
    for (const form of ['html', 'md'] as const)
      expect(await formatComparison(report, form)).toContain('completed: training loss at the end 9')
  })
})

describe('outputs that reached the length limit', () => {
  const study = async (name: string, endless: number) => {
    const looping = trial('lstm', 1)
    const predictions = looping.predictions.map((line) =>
      line.split === 'test' && line.index < endless ? { ...line, hypothesis: Array<string>(45).fill('AH') } : line,
    )
    await writeStudy(join(root, name), [
      trial('gru', 1),
      { ...looping, predictions, record: { ...looping.record, outputLimit: 45 } },
    ])
    return compare(await findTrials([join(root, name)]), { command: 'seqlab compare' })
  }

  it('are counted where they are many, 5 % or more, of the evaluation that has them', async () => {
    // 2 of 40 are 5 %, 1 is not.
    const report = await study('endless', 2)
    const text = '2 of 40 test outputs without an end after 45 symbols'
    expect(report.groups[0]?.trials.map(({ concerns }) => concerns)).toEqual([[], [text]])
    expect(headline(report)[0]).toBe(`In bad health, and counted all the same: 1 of 2 trials (lstm, seed 1: ${text}).`)
    for (const form of ['html', 'md'] as const)
      expect(await formatComparison(report, form)).toContain(`completed: ${text}`)
    const few = await study('few', 1)
    expect(few.groups[0]?.trials.flatMap(({ concerns }) => concerns)).toEqual([])
  })
})

describe('links of a comparison', () => {
  it('lead to files that exist, and there are none where no others were written', async () => {
    await writeStudy(join(root, 'links'), [trial('gru', 1), trial('lstm', 1)])
    const { paths, report } = await writeComparison(join(root, 'links'))
    const page = readFileSync(paths.find((path) => path.endsWith('.html')) ?? '', 'utf8')
    expect(linksOf(page)).toHaveLength(3)
    for (const href of linksOf(page)) expect(existsSync(join(root, 'links', href ?? ''))).toBe(true)
    expect(linksOf(await formatComparison(report, 'html'))).toEqual([])
  })
})

describe('a comparison on data that training has seen', () => {
  it('says so after the answer', async () => {
    const seen = (label: string) => {
      const made = trial(label, 1)
      const data = { read: 90, kept: { train: 50, dev: 20, test: 40 }, dropped: {}, cut: {}, unknownTokens: {} }
      return { ...made, record: { ...made.record, data: { ...data, seenInTraining: { test: 12 } } } }
    }
    await writeStudy(join(root, 'seen'), [seen('gru'), seen('lstm')])
    const report = compare(await findTrials([join(root, 'seen')]), { command: 'seqlab compare' })
    expect(headline(report).at(-1)).toBe('12 of 40 test sources are also in training.')
    expect(report.groups[0]?.seenInTraining).toBe(12)
  })
})
