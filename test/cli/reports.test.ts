import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { printable } from '../../src/cli/text/printable.js'
import { madeUpTrial } from '../report/made-up.js'
import { writeStudy } from '../report/study.js'
import { command } from '../support/command.js'

const root = mkdtempSync(join(tmpdir(), 'seqlab-reports-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const trial = (label: string, seed: number, wrong: number) =>
  madeUpTrial({ label, seed, wrong, examples: 60, steps: 1000 })
await writeStudy(
  join(root, 'study'),
  [1, 2, 3].flatMap((seed) => [trial('good', seed, 0.02 + 0.002 * seed), trial('bad', seed, 0.4 + 0.01 * seed)]),
  { claims: [{ left: 'bad', right: 'good', metric: 'per', relation: 'better' }] },
)

const seqlab = (...args: readonly string[]) => command(args)

describe('seqlab compare', () => {
  it('answers on stdout, and with --strict by its exit code', async () => {
    const { code, stdout, stderr } = await seqlab('compare', join(root, 'study'), '--strict')
    expect(stdout).toMatch(/good has a lower PER than bad by [\d.]+ points/)
    expect(stdout).toContain('- **contradicted**: bad better than good in PER (not in the ledger): ')
    expect(stderr).toBe('1 of 1 claim is not supported\n')
    expect(code).toBe(1)
  })

  it('prints a claim that is not supported once: on stderr where stdout is for programs', async () => {
    const { stderr } = await seqlab('compare', join(root, 'study'), '--strict', '--format', 'json')
    expect(stderr).toMatch(/^contradicted: bad better than good in PER \(not in the ledger\): .*\n$/)
    expect((await seqlab('compare', join(root, 'study'), '--format', 'json')).stderr).toBe('')
  })

  it('fails with --strict where copies of a trial differ, and names both folders on stderr', async () => {
    const [good, bad] = [trial('good', 1, 0.02), trial('good', 1, 0.3)]
    await writeStudy(join(root, 'copies', 'one'), [good])
    await writeStudy(join(root, 'copies', 'two'), [bad])
    const paths = ['one', 'two'].map((name) => join(root, 'copies', name))
    const strict = await seqlab('compare', ...paths, '--strict', '--format', 'csv')
    expect(strict.code).toBe(1)
    const [one, other] = paths.map((path) => relative('', join(path, 'trial-good-1')))
    expect(strict.stderr.split('\n').filter((line) => line.startsWith('skipped '))).toEqual([
      expect.stringMatching(/^skipped .*trial-good-1: the same trial is in 2 folders with different results/),
    ])
    expect(strict.stderr).toMatch(new RegExp(`: dev per is 0\\.013\\d+ in ${one} and 0\\.482\\d+ in ${other}\n`))
    expect(strict.stderr).toContain('1 trial is in more than one folder')
    expect((await seqlab('compare', ...paths)).code).toBe(0)
  })

  it('refuses a metric and a path that no trial has', async () => {
    const near = await seqlab('compare', join(root, 'study'), '--by', 'train.batchsize')
    expect([near.code, near.stderr]).toEqual([2, expect.stringContaining('did you mean `train.batchSize`?')])
    const metric = await seqlab('compare', join(root, 'study'), '--metric', 'bleu')
    expect([metric.code, metric.stderr]).toEqual([2, expect.stringContaining('There are: per, wer.')])
    const path = await seqlab('compare', join(root, 'study'), '--by', 'model.hidden')
    expect([path.code, path.stderr]).toEqual([2, expect.stringContaining('model.encoder.hidden')])
  })
})

describe('seqlab list, show and diff', () => {
  it('describe the runs', async () => {
    const listed = await seqlab('list', '--out', root, '--json')
    const runs = listed.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { label: string; status: string })
    expect(runs.map(({ status }) => status)).toEqual(Array(6).fill('completed'))
    const shown = await seqlab('show', 'trial-good-1', '--out', root)
    expect(shown.stdout).toContain('training loss')
    expect(shown.stdout).toMatch(/[▁▂▃▄▅▆▇█]{10}/)
    const differed = await seqlab('diff', 'trial-good-1', 'trial-bad-1', '--out', root)
    expect(differed.stdout).toContain('test predictions differ')
  })
})

describe('printable', () => {
  it('lets no text drive the terminal', () => {
    expect(printable('a\u001b[2Jb\u0007\n')).toBe('a\u{fffd}[2Jb\u{fffd}\u{fffd}')
    expect(printable('机器 é')).toBe('机器 é')
  })
})
