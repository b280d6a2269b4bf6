import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { reproductionOf } from '../../../../src/report/analysis/reproductions/record.js'
import { comparisonPath, studyPath } from '../../../../src/store/index.js'
import { formatLine } from '../../../../src/store/study/ledger.js'
import { compareFound, foundTrial } from '../../found.js'

const root = mkdtempSync(join(tmpdir(), 'seqlab-record-'))
afterAll(() => rmSync(root, { recursive: true }))

const trained = (label: string, seed: number, timings: Readonly<Record<string, number>>) =>
  foundTrial({ label, seed, record: { timings } })
const claim = { left: 'gru', right: 'lstm', metric: 'per', relation: 'better' } as const
const figure = { metric: 'per', value: 0.15 }
const report = compareFound(
  [
    trained('gru', 1, { trainMs: 1000 }),
    trained('lstm', 2, { trainMs: 234 }),
    // Nothing tells how long this one took: it counts as nothing.
    trained('gru', 3, {}),
  ],
  {},
  {
    studies: [{ name: 'cells', directory: 'runs/cells', planned: 3, missing: [] }],
    claims: [{ claim, folder: 'runs/cells', registered: { started: 0, finished: 0 } }],
    published: [{ figure, source: 'Ada 1843', folder: 'runs/cells' }],
  },
)

/** A study's folder with this comparison. */
function compared(): string {
  const directory = mkdtempSync(join(root, 'study-'))
  writeFileSync(comparisonPath(directory, 'json'), JSON.stringify(report))
  return directory
}

test('a record has the trials under their labels, the time of all, and what was found', () => {
  const before = Date.now()
  const { trials, trainMs, figures, claims, date, ...rest } = reproductionOf(compared())
  expect(trials).toEqual([
    { id: 'cells-gru-1', label: 'gru', seed: 1 },
    { id: 'cells-gru-3', label: 'gru', seed: 3 },
    { id: 'cells-lstm-2', label: 'lstm', seed: 2 },
  ])
  expect(trainMs).toBe(1234)
  expect(figures).toEqual(report.published)
  expect(figures.map(({ source, published }) => [source, published])).toEqual([['Ada 1843', 0.15]])
  expect(claims).toEqual([
    'undecided: gru better than lstm in PER: one seed per variant allows no conclusion about training runs',
  ])
  expect(Date.parse(date)).toBeGreaterThanOrEqual(before)
  // Without a ledger it is the machine that compared, and no command.
  const { machine, versions } = report
  expect(rest).toEqual({ schemaVersion: 1, study: 'cells', command: '', machine, versions })
})

test('it tells the command and the machine of the ledger, without the folders', () => {
  const directory = compared()
  const command = 'seqlab reproduce cells --out /home/ada/runs'
  const opened = { kind: 'opened', pid: 1, host: 'ada', machine: 'one core', command, cwd: '/home/ada' } as const
  writeFileSync(studyPath(directory, 'ledger'), formatLine(opened))
  expect(reproductionOf(directory)).toMatchObject({
    machine: 'one core',
    command: 'seqlab reproduce cells --out FOLDER',
  })
})

test('there is none of a study that was not compared', () => {
  expect(() => reproductionOf(mkdtempSync(join(root, 'study-')))).toThrow('comparison.json')
})
