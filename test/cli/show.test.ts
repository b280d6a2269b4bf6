import { execFile } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { columnsOf } from '../../src/cli/text/width.js'
import { madeUpTrial } from '../report/made-up.js'
import { plannedTrial, writeLaterEvaluation, writeStudy } from '../report/study.js'
import { command } from '../support/command.js'

// Where a terminal or a user's permissions matter, real child processes of the built command (`npm test` builds first).
const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
const root = mkdtempSync(join(tmpdir(), 'seqlab-show-'))
chmodSync(root, 0o755)
afterAll(() => rmSync(root, { recursive: true, force: true }))

const trial = (label: string, seed: number) =>
  madeUpTrial({ label, seed, wrong: 0.1 * seed, examples: 60, steps: 1000 })
const study = join(root, 'study')
const beam = (id: string) => ({ id, label: 'good, beam', variant: {} })
await writeStudy(study, [trial('good', 1), trial('good', 2)], {
  missing: [plannedTrial('f00d', 'not yet', 3)],
  evaluations: ({ evaluation, label }) => [{ id: evaluation, label, variant: {} }, beam('beam0001'), beam('beam0002')],
})
const later = trial('good', 1)
writeLaterEvaluation(
  join(study, 'trial-good-1'),
  { ...later, record: { ...later.record, label: 'good, beam' } },
  'beam0001',
)

interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

function run(program: string, args: readonly string[], settings: { readonly uid?: number } = {}): Promise<Ended> {
  return new Promise((done) => {
    const env = { ...process.env, NO_COLOR: '1' }
    execFile(program, args, { env, ...settings }, (error, stdout, stderr) => {
      done({ code: Number(error?.code ?? 0), stdout, stderr })
    })
  })
}

const seqlab = (...args: readonly string[]) => command(args)
const jsonOf = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line))

describe('show TRIAL', () => {
  it('aligns curves by the longest name', async () => {
    const made = madeUpTrial({ label: 'curved', examples: 60 })
    const lines = made.lines.map((line) =>
      line.kind === 'validation' ? { ...line, metrics: { ...line.metrics, 'cross-entropy': 1 } } : line,
    )
    const folder = join(root, 'one', 'curves')
    await writeStudy(folder, [{ ...made, lines }])
    const { stdout } = await seqlab('show', join(folder, made.record.trialId))
    const curves = stdout
      .split('\n')
      .filter((line) => /^(training loss|validation loss|dev \S+) +[\u2581-\u2588]/.test(line))
    expect(curves.length).toBeGreaterThan(2)
    expect(new Set(curves.map((line) => line.search(/[\u2581-\u2588]/)))).toEqual(
      new Set(['dev cross-entropy  '.length]),
    )
  })
})

describe('show STUDY', () => {
  it('lists its trials, their evaluations, and what is missing', async () => {
    const { code, stdout } = await seqlab('show', 'study', '--out', root)
    expect(code).toBe(0)
    const lines = stdout.trimEnd().split('\n')
    expect(lines.map((line) => line.replace(/ +/g, ' ').replace(/[\d.]+ % \(.*\)/, 'VALUE'))).toEqual([
      'trial variant seed status main metric (95 %)',
      'trial-good-1 good 1 completed per VALUE',
      'trial-good-1 good, beam 1 evaluated per VALUE',
      'trial-good-1 good, beam 1 to evaluate',
      'trial-good-2 good 2 completed per VALUE',
      'trial-good-2 good, beam 2 to evaluate',
      'trial-good-2 good, beam 2 to evaluate',
      'f00d not yet 3 waiting',
      `${study}: 3 trials: 2 completed and 1 waiting; 3 evaluations missing`,
    ])
  })

  it('prints a line of JSON for each trial', async () => {
    const { stdout } = await seqlab('show', study, '--json')
    expect(jsonOf(stdout)).toMatchObject([
      {
        label: 'good',
        seed: 1,
        status: 'completed',
        metrics: { test: { per: { value: expect.any(Number) } } },
        evaluations: [{ name: 'final' }, { name: 'beam0001', label: 'good, beam', decode: { type: 'greedy' } }],
        missingEvaluations: ['good, beam'],
      },
      { seed: 2, missingEvaluations: ['good, beam', 'good, beam'] },
      { label: 'not yet', status: 'waiting', evaluations: [] },
    ])
  })

  it('of one trial lists all its evaluations', async () => {
    const { stdout } = await seqlab('show', 'trial-good-1', '--out', root)
    expect(stdout).toMatch(/^good, beam {2}evaluation beam0001, decode \{"type":"greedy"\}\n +test \(95 %\)/m)
    expect(stdout).toContain('1 evaluation missing: good, beam\n')
    const { stdout: json } = await seqlab('show', 'trial-good-1', '--out', root, '--json')
    expect(jsonOf(json)).toMatchObject([
      { trialId: 'trial-good-1', evaluations: [{ name: 'final' }, { name: 'beam0001' }] },
    ])
  })
})

describe('a missing evaluation', () => {
  it('counts among what a study lacks, in list and compare too', async () => {
    const { stdout } = await seqlab('list', '--out', root)
    expect(stdout).toMatch(/good +1 +completed, 1 evaluation missing +per /)
    const compared = await seqlab('compare', study, '--format', 'json')
    expect(JSON.parse(compared.stdout)).toMatchObject({
      studies: [
        {
          planned: 7,
          missing: ['good, beam, seed 1', 'good, beam, seed 2', 'good, beam, seed 2', 'not yet, seed 3'].map(
            (trial) => ({ trial }),
          ),
        },
      ],
    })
    expect((await seqlab('compare', study)).stdout).toContain(
      'Unfinished: 4 of 7 results of attention-additive are missing: 1 not started (not yet, seed 3), 3 trained and not evaluated yet (good, beam, seed 1;',
    )
  })
})

describe.skipIf(process.platform === 'win32')('on a terminal', () => {
  it.each([40, 80, 200])('of %i columns, list and show fit it and numbers are whole', async (columns) => {
    for (const command of [`list --out ${root}`, `show ${study}`, `show trial-good-1 --out ${root}`]) {
      const script = `stty cols ${columns}; '${process.execPath}' '${main}' ${command}`
      const { stdout } = await run('script', ['-qec', script, '/dev/null'])
      // Tables alone: a path that is named below them is whole.
      const lines = stdout.split(/\r?\n/).filter((line) => /% \(|\(95 %\)|trial-good|completed|f00d/.test(line))
      expect(lines.filter((line) => columnsOf(line) > columns && !/^page| \d trials: | {2}seed /.test(line))).toEqual(
        [],
      )
      expect(stdout).toMatch(/\d+\.\d % \(\d+\.\d to \d+\.\d( %)?\)/)
    }
  })
})

describe('a study that cannot be read', () => {
  const others = join(root, 'others')
  const broken = {
    'a damaged study.json': (folder: string) => writeFileSync(join(folder, 'study.json'), '{"half":'),
    'a folder in place of study.json': (folder: string) => mkdirSync(join(folder, 'study.json')),
    'another version': (folder: string) => writeFileSync(join(folder, 'study.json'), '{"schemaVersion":1}'),
    'a folder without permission': (folder: string) => chmodSync(folder, 0),
  }
  const nobody = process.getuid?.() === 0 ? { uid: 65534 } : {}

  it.each(Object.entries(broken))('%s: is named, and list, show and compare go on', async (name, damage) => {
    const out = join(others, name.replace(/\W/g, '-'))
    await writeStudy(join(out, 'good'), [trial('good', 1), trial('good', 2)])
    const bad = join(out, 'bad')
    mkdirSync(bad, { recursive: true })
    damage(bad)
    // What root may read, another user may not.
    const as = (...args: readonly string[]) =>
      name.includes('permission') ? run(process.execPath, [main, ...args], nobody) : command(args)

    const listed = await as('list', '--out', out)
    expect([listed.code, listed.stderr]).toEqual([0, ''])
    expect(listed.stdout.trimEnd().split('\n')).toHaveLength(4)
    expect(listed.stdout).toMatch(/\/bad +bad +damaged +.*\/bad/)

    expect((await as('show', 'trial-good-1', '--out', out)).code).toBe(0)
    const compared = await as('compare', join(out, 'good'), bad)
    expect([compared.code, compared.stderr]).toEqual([0, expect.stringMatching(/^skipped .*\/bad/)])
    expect((await as('compare', join(out, 'good'), bad, '--strict')).code).toBe(1)
    const alone = await as('compare', bad)
    expect([alone.code, alone.stderr]).toEqual([2, expect.stringMatching(/^error: .*\/bad holds no trials: /)])
    chmodSync(bad, 0o755)
  })
})
