import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { command } from '../support/command.js'

// Commands on a study that grows, and on trained models that are evaluated in other ways.
const root = mkdtempSync(join(tmpdir(), 'seqlab-growing-'))
const out = join(root, 'runs')
afterAll(() => rmSync(root, { recursive: true, force: true }))

// One worker: each that starts takes more than these trials do.
const seqlab = (verb: string, ...args: string[]) => command([verb, '--workers', '1', ...args], { cwd: root })

const pairs = ['ab', 'bc', 'cd', 'da', 'ac', 'bd', 'ca', 'db'].map((word) => [word, [...word].reverse().join('')])

const spec = {
  task: 'transduce',
  data: {
    source: { type: 'inline', train: pairs.slice(0, 5), dev: pairs.slice(5, 6), test: pairs.slice(6) },
    sourceTokens: 'characters',
    targetTokens: 'characters',
  },
  model: {
    source: { representation: { type: 'embedding', size: 4 } },
    target: { representation: { type: 'embedding', size: 4 } },
    encoder: { cell: 'gru', hidden: 4 },
    context: { from: 'last-state' },
    decoder: { cell: 'gru', hidden: 4, receives: 'both' },
  },
  train: { optimizer: { type: 'adam', learningRate: 0.01 }, batchSize: 4, steps: 10, validate: { every: 5 } },
  metrics: ['per'],
}

/** Writes a file of the project (YAML reads JSON). */
function write(name: string, content: object): string {
  writeFileSync(join(root, name), JSON.stringify(content))
  return name
}

const study = (more: object) => write('study.yaml', { extends: 'base.yaml', ...more })
const sweep = (...more: string[]) => seqlab('sweep', 'study.yaml', ...more)
const trialsIn = (name: string) => readdirSync(join(out, name)).filter((each) => /^[0-9a-f]{16}$/.test(each))

beforeAll(() => {
  write('base.yaml', spec)
})

describe('a study that grows', () => {
  test('trains what is new, and says so', async () => {
    const cells = { 'model.encoder.cell': ['gru', 'elman'] }
    study({ grid: cells, seeds: 2 })
    const first = await sweep()
    expect([first.code, first.stderr]).toEqual([0, expect.stringContaining('study: 4 trials, in runs/study')])
    study({ grid: { 'model.encoder.cell': ['gru', 'elman', 'lstm'] }, seeds: 2 })
    const variant = await sweep()
    expect(variant.stderr).toContain('study: 6 trials (4 finished, 2 new), in runs/study')
    expect(variant.stderr.match(/: completed/g)).toHaveLength(2)
    study({ grid: cells, seeds: 3, claims: [{ left: 'gru', right: 'elman', metric: 'per', relation: 'better' }] })
    const seed = await sweep()
    expect(seed.stderr).toContain(
      'study: 6 trials (4 finished, 2 new), in runs/study; 2 trials of an earlier plan kept, not part of this one',
    )
    expect(trialsIn('study')).toHaveLength(8)
    const page = readFileSync(join(out, 'study', 'comparison.md'), 'utf8')
    expect(page).not.toContain('lstm')
    expect(page).toContain('gru better than elman in PER (added or changed after 6 trials had a result): ')
    expect(page).toContain('The ledger shows an order, not honesty')
  })

  test('tells before training what its claims can be expected to show', async () => {
    const claims = [{ left: 'gru', right: 'elman', metric: 'per', relation: 'better', effect: 0.2 }]
    study({ grid: { 'model.encoder.cell': ['gru', 'elman'] }, seeds: 3, claims })
    const own = await sweep('--plan')
    expect(own.stdout).toMatch(/gru better than elman in PER: effect 20\.0 points, power \d+ % .*as in 2 variants of /)
    const other = await sweep('--plan', '--name', 'none')
    expect(other.stdout).toContain('no spread between seeds is known')
    const pilot = await sweep('--plan', '--name', 'none', '--pilot', 'study')
    expect(pilot.stdout).toContain('as in 2 variants of ')
    const rows = (await sweep('--plan', '--json')).stdout.trim().split('\n')
    expect(JSON.parse(rows.at(-1) ?? '')).toMatchObject({ effect: 0.2, seeds: 3, family: 1 })
    expect(await sweep('--pilot', 'study')).toMatchObject({ code: 2, stderr: expect.stringContaining('Add --plan') })
    expect(await sweep('--plan', '--pilot', 'nosuch')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('nosuch'),
    })
  })

  test('is refused where an option has changed, which is named by its path', async () => {
    const before = readFileSync(join(out, 'study', 'study.json'), 'utf8')
    const { code, stderr } = await sweep('--set', 'train.steps=12')
    expect(code).toBe(2)
    expect(stderr).toMatch(/\(1 difference\):\n {2}train\.steps: 10 -> 12\n/)
    for (const way of ['--name study-2', '--fresh', '--force']) expect(stderr).toContain(`train.steps=12 ${way}  `)
    expect(readFileSync(join(out, 'study', 'study.json'), 'utf8')).toBe(before)
  })

  test('draws more samples at random behind those that it has', async () => {
    const drawn = (samples: number) => {
      const space = { 'train.optimizer.learningRate': { log: [0.001, 0.1] } }
      return write('drawn.yaml', { extends: 'base.yaml', random: { samples, space } })
    }
    await seqlab('sweep', drawn(2), '--quiet')
    const first = trialsIn('drawn')
    const { stderr } = await seqlab('sweep', drawn(3))
    expect(stderr).toContain('drawn: 3 trials (2 finished, 1 new), in runs/drawn')
    expect(trialsIn('drawn')).toEqual(expect.arrayContaining(first))
  })
})

describe('another search or metric', () => {
  test('trains nothing, and its results are shown', async () => {
    const trained = await seqlab('run', 'base.yaml')
    expect(trained.code).toBe(0)
    const again = await seqlab(
      'run',
      'base.yaml',
      '--set',
      'decode={type: beam, width: 2}',
      '--set',
      'metrics=[per, wer]',
    )
    expect(again.code).toBe(0)
    expect(again.stderr).toContain('base: 1 trial (1 finished, 1 of them to evaluate), in runs/base')
    expect(again.stderr).toMatch(/^base beam\(width=2\), metrics=per\+wer seed 1: evaluated$/m)
    expect(again.stderr).not.toMatch(/completed|validated/)
    expect(again.stdout).toMatch(/test per .*test wer/)
    const json = await seqlab('run', 'base.yaml', '--set', 'decode={type: beam, width: 2}', '--json', '--quiet')
    const lines = json.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    const [evaluation, record] = lines
    expect(lines.map(({ status, name }) => status ?? name)).toEqual([evaluation.id, 'completed'])
    expect(evaluation).toMatchObject({ trialId: record.trialId, decode: { type: 'beam' } })
  })

  test('in a grid trains once', async () => {
    const file = write('searches.yaml', {
      extends: 'base.yaml',
      grid: { decode: ['greedy', { type: 'beam', width: 2 }] },
      seeds: 2,
    })
    const { code, stdout, stderr } = await seqlab('sweep', file)
    expect([code, trialsIn('searches').length]).toEqual([0, 2])
    expect(stderr.match(/: completed/g)).toHaveLength(2)
    expect(stderr.match(/: evaluated/g)).toHaveLength(2)
    for (const row of ['greedy seed 1', 'greedy seed 2', 'beam(width=2) seed 1', 'beam(width=2) seed 2'])
      expect(stdout).toContain(row)
  })

  test('that does not fit the task is refused before anything is done', async () => {
    const { code, stderr } = await seqlab('run', 'base.yaml', '--set', 'metrics=[slot-f1]')
    expect([code, stderr]).toEqual([2, expect.stringContaining('slot-f1')])
  })
})
