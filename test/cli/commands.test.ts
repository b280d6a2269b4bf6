import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { program } from '../../src/cli/program.js'
import { readStudy } from '../../src/store/index.js'
import { command } from '../support/command.js'
import { base, recordsIn, studyOfCells } from '../support/study-of-cells.js'
import { built as builtIn } from '../support/trained-runs.js'

// Most in this process, the rest as child processes of the built program (`npm test` builds first); what these train: commands.processes.ts.
const folder = mkdtempSync(join(tmpdir(), 'seqlab-cli-'))
const out = join(folder, 'runs')
afterAll(() => rmSync(folder, { recursive: true }))

const seqlab = (...args: readonly string[]) => command(args)

const built = (...args: readonly string[]) => builtIn('.', args)

const study = studyOfCells(folder)

describe('usage', () => {
  test.each([
    ['no verb', [], 2],
    ['an unknown verb', ['trian'], 2],
    ['an unknown option', ['run', base, '--worker', '2'], 2],
    ['a wrong value', ['run', base, '--workers', 'all'], 2],
    ['options that exclude each other', ['sweep', base, '--resume', '--fresh'], 2],
    ['help', ['run', '--help'], 0],
    ['version', ['--version'], 0],
  ])('%s', async (_, args, code) => {
    const ended = await seqlab(...args)
    expect(ended.code).toBe(code)
    expect(code === 0 ? ended.stdout : ended.stderr).not.toBe('')
    if (code !== 0) expect(ended.stdout).toBe('')
  })

  test.each([
    ['a place', ['run', base, '--out', '']],
    ['a name', ['run', base, '--name', '']],
    ['one of several', ['run', base, '--set', 'train.steps=4', '--set', '']],
    ['an argument', ['show', '']],
    ['an argument among others', ['run', base, '']],
  ])('a value that is empty, as that of a variable that is not set: %s', async (_, args) => {
    const { code, stdout, stderr } = await seqlab(...args)
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain("'' is invalid. It is empty: perhaps a variable of the shell is not set.")
  })

  test('a variable of the environment that is empty is one that is not set', async () => {
    process.env.SEQLAB_DATA = ''
    const { code } = await seqlab('check', base).finally(() => delete process.env.SEQLAB_DATA)
    expect(code).toBe(0)
  })

  test('ends the built program with its code', async () => {
    const [wrong, right] = [await built('trian'), await built('--version')]
    expect([wrong.code, wrong.stdout, wrong.stderr]).toEqual([
      2,
      '',
      expect.stringContaining("unknown command 'trian'"),
    ])
    expect([right.code, right.stdout, right.stderr]).toEqual([0, expect.stringMatching(/^\d+\.\d+\.\d+\n$/), ''])
  })

  test('every verb has examples', async () => {
    for (const verb of program().commands.map((each) => each.name())) {
      const { stdout } = await seqlab(verb, '--help')
      expect(stdout).toMatch(new RegExp(`^Examples:\\n(  \\$ .*\\n)*  \\$ .*seqlab ${verb}`, 'm'))
    }
  })
})

describe('check', () => {
  test('valid specs: what was read of each', async () => {
    const { code, stdout, stderr } = await seqlab('check', base, 'experiments/scorers.yaml')
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toContain(
      `${base}: no errors\n  train    1 example; source 3 tokens, 0 % unknown; target 3 tokens, 0 % unknown\n`,
    )
    expect(stdout).toContain('experiments/scorers.yaml: no errors, 8 variants\n  train    10,000 examples; source 15.2')
  })

  test('without data: specs alone', async () => {
    const { stdout } = await seqlab('check', '--no-data', base)
    expect(stdout).toBe(`${base}: no errors (the data were not read)\n`)
  })

  test('errors go to stderr, exit code 2', async () => {
    const file = 'test/spec/broken/several-errors.yaml'
    const { code, stdout, stderr } = await built('check', file)
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toBe(readFileSync('test/spec/broken/several-errors.txt', 'utf8'))
  })
})

describe('run', () => {
  test('changed settings of a single spec are another trial next to the first one', async () => {
    const args = ['run', base, '--out', join(folder, 'collected'), '--quiet', '--set', 'train.steps=2']
    expect((await seqlab(...args)).code).toBe(0)
    const second = await seqlab(...args, '--set', 'model.encoder.cell=elman', '--json')
    expect([second.code, recordsIn(second.stdout).map(({ label }) => label)]).toEqual([0, ['base steps=2, elman']])
    const directory = join(folder, 'collected', 'base')
    expect(readStudy(directory).file?.trials.map(({ label }) => label)).toEqual(['base steps=2', 'base steps=2, elman'])
    // A lost study.json is written again from the records that are there, and so are damaged pages.
    writeFileSync(join(directory, 'study.json'), '{')
    const [{ trialId = '' } = {}] = recordsIn(second.stdout)
    const page = join(directory, trialId, 'report.html')
    const whole = readFileSync(page, 'utf8')
    writeFileSync(page, whole.slice(0, 1000))
    const third = await seqlab(...args, '--set', 'model.encoder.cell=elman')
    expect([third.code, third.stderr]).toEqual([0, expect.stringMatching(/study\.json is damaged/)])
    expect(readStudy(directory).file?.trials).toHaveLength(2)
    expect(readFileSync(page, 'utf8').trimEnd().endsWith('</html>')).toBe(true)
  })

  test('invalid data are reported at once, exit code 2', async () => {
    const { code, stderr } = await seqlab(
      'run',
      base,
      '--out',
      out,
      '--set',
      'data.source={type: tsv, file: absent.tsv}',
    )
    expect(code).toBe(2)
    expect(stderr).toMatch(/absent\.tsv/)
  })
})

describe('sweep', () => {
  test('--plan runs nothing', async () => {
    const { code, stdout } = await seqlab('sweep', study, '--out', out, '--plan')
    expect(code).toBe(0)
    expect(stdout.split('\n').filter((line) => /^(gru|elman) /.test(line))).toHaveLength(4)
    expect(existsSync(join(out, 'study'))).toBe(false)
  })

  test('errors of every kind, in whichever variant, are reported together', async () => {
    const file = join(folder, 'mistakes.yaml')
    const source = '{ type: tsv, file: absent.tsv }'
    const variants = `{ model.encoder.hidden: large }, { model.encoder.hidden: 40000 }, { data.source: ${source} }`
    writeFileSync(file, `extends: ${resolve(base)}\ninclude: [${variants}]\n`)
    for (const verb of ['sweep', 'check']) {
      const { code, stderr } = await seqlab(verb, file)
      expect(code).toBe(2)
      for (const told of ['has no allowed form', 'of memory; a trial may take', 'absent.tsv'])
        expect(stderr).toContain(told)
    }
  })

  test('an --only that matches nothing is an error', async () => {
    const { code, stderr } = await seqlab('sweep', study, '--out', out, '--only', 'lstm')
    expect([code, stderr.split('\n')[0]]).toEqual([2, '--only lstm matches no trial'])
  })
})

describe('explain', () => {
  test('formulas, given sizes, a drawing that is well-formed and has its own colours', async () => {
    const svg = join(folder, 'model.svg')
    const formulas = await built('explain', base, '--no-data')
    expect(formulas.stdout).toMatch(/^8 V_s \+ 57 V_t \+ [\d,]+ parameters/m)
    expect((await seqlab('explain', base, '--vocab', '30,42', '--svg', svg)).stdout).toMatch(/\[30, 8\]/)
    const drawn = readFileSync(svg, 'utf8')
    expect(drawn).toMatch(/^<svg [^>]*xmlns=/)
    expect(drawn).not.toContain('var(--')
    expect(drawn.replaceAll(/<\/?\w+(?:\s+[\w:-]+="[^"<]*")*\s*\/?>/g, '')).not.toMatch(/[<>]/)
  })

  test('data that cannot be read: formulas, and why', async () => {
    const { code, stdout } = await seqlab('explain', base, '--set', 'data.source={type: tsv, file: absent.tsv}')
    expect(code).toBe(0)
    expect(stdout).toMatch(/V_s/)
    expect(stdout).toMatch(/The data cannot be read/)
  })

  test('a wrong --vocab', async () => {
    expect((await seqlab('explain', base, '--vocab', '30')).code).toBe(2)
  })
})
