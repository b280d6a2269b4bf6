import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { nearest } from '../../src/metrics/distance.js'
import { loadStudy } from '../../src/spec/plan/study/load-study.js'
import { command } from '../support/command.js'

const root = mkdtempSync(join(tmpdir(), 'seqlab-reproduce-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
const seqlab = (...args: string[]) => command(args, { cwd: root })
const folder = resolve('experiments/reproductions')
const names = readdirSync(folder).flatMap((file) => (file.endsWith('.yaml') ? [file.slice(0, -5)] : []))

describe('reproduce', () => {
  test.each(names)('%s says what was published, and how it is made short', (name) => {
    const { problems, published } = loadStudy(join(folder, `${name}.yaml`), { quick: true })
    expect(problems).toEqual([])
    expect(published?.minutes).toBeGreaterThan(0)
  })

  test('runs a study, puts ours beside what was published, and remembers it', async () => {
    const before = await seqlab('reproduce')
    expect(before.stdout).toMatch(/^addition +exact-match/m)
    const { code, stdout } = await seqlab('reproduce', 'addition', '--quick', '--workers', '1')
    expect(code).toBe(0)
    expect(stdout).toMatch(
      /Published results:\n {2}worse: exact-match: published 99\.0 % \(band 9\d\.\d to 100\.0\), ours \d\.0 %/,
    )
    const record = join(root, 'runs', 'addition-quick', 'reproduction.json')
    expect(JSON.parse(readFileSync(record, 'utf8'))).toMatchObject({
      study: 'addition-quick',
      figures: [{ published: 0.99, status: 'worse', seeds: 1 }],
    })
    expect(readFileSync(join(root, 'runs', 'addition-quick', 'comparison.md'), 'utf8')).toContain(
      '**Published results**',
    )
    expect(readFileSync(join(root, 'runs', 'addition-quick', 'comparison.html'), 'utf8')).toContain('Published results')
  })

  test('a study of its own by its file; a record whose figures were changed is refused', async () => {
    const study = {
      extends: join(folder, '..', '..', 'configs', 'addition.yaml'),
      name: 'own',
      data: { source: { type: 'addition', maxLength: 2, examples: 40, dev: { examples: 9 }, test: { examples: 9 } } },
      train: { steps: 2, validate: { every: 1 } },
      published: { source: 'a paper', figures: [{ metric: 'ser', value: 0.5 }] },
    }
    writeFileSync(join(root, 'own.yaml'), JSON.stringify(study))
    const { code, stdout } = await seqlab('reproduce', 'own.yaml', '--workers', '1')
    expect([code, stdout]).toEqual([0, expect.stringContaining('no band: SER: published 50.0 %')])
    const record = join(root, 'runs', 'own', 'reproduction.json')
    writeFileSync(record, readFileSync(record, 'utf8').replace('"published": 0.5', '"published": 0.6'))
    const { readReproduction } = await import('../../src/store/index.js')
    expect(() => readReproduction(join(root, 'runs', 'own'))).toThrow('its checksum does not match')
  })

  test('a study without published results is refused before anything is trained', async () => {
    const base = join(folder, '..', '..', 'configs', 'addition.yaml')
    writeFileSync(join(root, 'plain.yaml'), `extends: ${base}\nseeds: 2\n`)
    for (const more of [['--plan'], ['--workers', '1']]) {
      const { code, stderr } = await seqlab('reproduce', 'plain.yaml', ...more)
      expect([code, stderr]).toEqual([
        2,
        expect.stringContaining('plain.yaml:1:1: this study has no `published` results to reproduce'),
      ])
    }
    expect(existsSync(join(root, 'runs', 'plain'))).toBe(false)
  })

  test('models of several seeds together give what `predict --with` gives, once', async () => {
    const addition = { type: 'addition', maxLength: 2, reverse: 'target', examples: 200 }
    const study = {
      extends: join(folder, '..', '..', 'configs', 'addition.yaml'),
      name: 'together',
      data: { source: { ...addition, dev: { examples: 20 }, test: { examples: 25 } } },
      ...{ train: { steps: 60, validate: { every: 30 } }, seeds: 3 },
      published: {
        source: 'a paper',
        figures: [{ metric: 'ser', value: 0.5, examples: 25, ensemble: true }],
      },
    }
    writeFileSync(join(root, 'together.yaml'), JSON.stringify(study))
    const { code, stdout } = await seqlab('reproduce', 'together.yaml', '--workers', '1')
    expect([code, stdout]).toEqual([0, expect.stringContaining('(3 models together)')])
    const directory = join(root, 'runs', 'together')
    const [name = ''] = readdirSync(join(directory, 'evaluations'))
    const file = join(directory, 'evaluations', name, 'predictions.jsonl')
    const lines: Line[] = readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    writeFileSync(join(root, 'sources.txt'), lines.map(({ source }) => `${source.join(' ')}\n`).join(''))
    const trials = readdirSync(directory).filter((folder) => /^[0-9a-f]{16}$/.test(folder))
    const [first = '', ...others] = trials.map((id) => join('runs', 'together', id))
    const together = others.flatMap((run) => ['--with', run])
    const predicted = await seqlab('predict', first, ...together, 'sources.txt')
    expect(predicted.stdout.trim().split('\n')).toEqual(lines.map(({ hypothesis }) => hypothesis.join(' ')))
    const edits = lines.reduce((sum, { hypothesis, references }) => sum + nearest(hypothesis, references)[0], 0)
    const symbols = lines.reduce((sum, { references: [first = []] }) => sum + first.length, 0)
    const record = JSON.parse(readFileSync(join(directory, 'reproduction.json'), 'utf8'))
    const ours = expect.closeTo(edits / symbols, 12)
    expect(record.figures).toMatchObject([{ ours, perSeed: [ours], together: 3 }])
    const { mtimeMs } = statSync(file)
    await seqlab('reproduce', 'together.yaml', '--workers', '1')
    expect(statSync(file).mtimeMs).toBe(mtimeMs)
    writeFileSync(file, `${readFileSync(file, 'utf8')} `)
    const damaged = await seqlab('compare', join('runs', 'together'))
    expect(`${damaged.stdout}${damaged.stderr}`).toContain('its checksum does not match')
  })

  test('names what is meant, and where data are that are missing', async () => {
    expect(await seqlab('reproduce', 'addtion')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('did you mean `addition`'),
    })
    const missing = {
      extends: join(folder, '..', '..', 'configs', 'inflection.yaml'),
      data: { source: { type: 'tsv', file: 'nowhere.tsv', featuresColumn: 3 } },
      published: { source: 'a paper', data: 'github.com/ada/engine', figures: [{ metric: 'ser', value: 0.5 }] },
    }
    writeFileSync(join(root, 'missing.yaml'), JSON.stringify(missing))
    const { code, stderr } = await seqlab('reproduce', 'missing.yaml')
    expect(code).toBe(2)
    expect(stderr).toContain('the data are published at github.com/ada/engine; name their folder with --data-dir')
  })
})

/** Of predictions.jsonl. */
interface Line {
  readonly source: readonly string[]
  readonly references: readonly (readonly string[])[]
  readonly hypothesis: readonly string[]
}
