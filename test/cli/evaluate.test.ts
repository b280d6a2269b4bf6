import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SeqlabError } from '../../src/core/errors.js'
import { isUndefined } from '../../src/core/measured.js'
import { type EvaluateRequest, evaluateRun } from '../../src/inference/evaluation/evaluate-run.js'
import type { MetricResult } from '../../src/metrics/score.js'
import { metricOption, searchOption } from '../../src/spec/plan/choices.js'
import { readEvaluation, readPredictions } from '../../src/store/index.js'
import { identityOf } from '../../src/store/study/processes.js'
import { command } from '../support/command.js'
import { built, tinyRuns, trainIn, trainTiny } from '../support/trained-runs.js'

// Tiny runs of every task.
const seqlab = (cwd: string, args: readonly string[]) => command(args, { cwd })
const folders = new Map<string, string>()
const folderOf = (name: string) => folders.get(name) ?? ''

beforeAll(async () => {
  for (const name of Object.keys(tinyRuns)) folders.set(name, await trainTiny(name))
})
afterAll(() => {
  for (const folder of folders.values()) rmSync(folder, { recursive: true })
})

function trialIn(folder: string, name: string): string {
  const study = join(folder, 'runs', name)
  const id = readdirSync(study, { withFileTypes: true }).find(
    (entry) => entry.isDirectory() && entry.name !== 'attempts',
  )
  return join(study, id?.name ?? '')
}

const leftovers = (trial: string) => readdirSync(trial).filter((name) => name.startsWith('.evaluation-'))

const testFile = (name: string) =>
  Object.keys(tinyRuns[name]?.files ?? {}).find((file) => file.startsWith('test.')) ?? ''

/** Figures of an exported model are those of training but for the last digits of float32. */
function expectClose(received: MetricResult | undefined, expected: MetricResult | undefined): void {
  if (received === undefined || expected === undefined || isUndefined(received) || isUndefined(expected)) {
    expect(received).toEqual(expected)
    return
  }
  expect(Math.abs(received.value - expected.value)).toBeLessThan(1e-4 * Math.max(1, Math.abs(expected.value)))
  if (isUndefined(received.interval) || isUndefined(expected.interval)) {
    expect(received.interval).toEqual(expected.interval)
    return
  }
  expect(received.interval.method).toBe(expected.interval.method)
  for (const end of ['low', 'high'] as const) {
    const difference = Math.abs(received.interval[end] - expected.interval[end])
    expect(difference).toBeLessThan(1e-4 * Math.max(1, Math.abs(expected.interval[end])))
  }
}

describe.each(Object.keys(tinyRuns))('%s', (name) => {
  it("gives final's figures on its own test file, with model/ alone", async () => {
    const folder = folderOf(name)
    const trial = trialIn(folder, name)
    const alone = mkdtempSync(join(tmpdir(), 'seqlab-alone-'))
    cpSync(join(trial, 'model'), join(alone, 'model'), { recursive: true })
    cpSync(join(folder, testFile(name)), join(alone, testFile(name)))
    const request = { run: join(alone, 'model'), outDir: alone, into: join(alone, 'results'), versions: {} }
    const { record: made, predictions } = await evaluateRun({
      ...request,
      test: { files: [join(alone, testFile(name))] },
    })
    expect(readdirSync(join(alone, 'results')).sort()).toEqual(['evaluation.json', 'predictions.jsonl'])
    const final = readEvaluation(trial)
    // The same search, metrics and examples are the same evaluation.
    expect(made.testDigest).toBe(final?.testDigest)
    expect(made.id).toBe(final?.id)
    expect(Object.keys(made.results.test)).toEqual(Object.keys(final?.results.test ?? {}))
    for (const [metric, result] of Object.entries(final?.results.test ?? {}))
      expectClose(made.results.test[metric], result)
    const hypotheses = predictions.map(({ hypothesis }) => hypothesis)
    const own = readPredictions(trial).filter(({ split }) => split === 'test')
    expect(hypotheses).toEqual(own.map(({ hypothesis }) => hypothesis))
    rmSync(alone, { recursive: true })
  })
})

describe('evaluations of a run', () => {
  it('are in its folder, beside those that are planned, and compare takes them by name', async () => {
    const folder = folderOf('transduce')
    await trainIn(folder, 'other', { ...tinyRuns.transduce?.spec, seed: 2 })
    writeFileSync(join(folder, 'new.tsv'), 'abc\tcba\nfed\tdef\nab\tba\nzz\tzz\n')
    const ran = await seqlab(folder, ['evaluate', 'transduce', '--test', 'new.tsv', '--baseline', 'other'])
    expect(ran).toMatchObject({ code: 0, stderr: '' })
    expect(ran.stdout).toContain('transduce on 4 examples of new.tsv')
    expect(ran.stdout).toContain('These are two trained models on these 4 examples')
    const trial = trialIn(folder, 'transduce')
    expect(readEvaluation(trial, 'new')).toMatchObject({
      label: 'transduce',
      testSet: { files: ['new.tsv'], examples: 4 },
      results: { dev: {} },
    })
    const before = await seqlab(folder, ['compare', 'runs/transduce', 'runs/other', '--format', 'json'])
    const plain = JSON.parse(before.stdout)
    expect(plain.groups.map(({ examples }: { examples: number }) => examples)).toEqual([12])
    const half = await seqlab(folder, ['compare', 'runs/transduce', 'runs/other', '--evaluation', 'new'])
    expect(half.code).toBe(0)
    expect(half.stdout).toContain('it has no evaluation new')
    await seqlab(folder, ['evaluate', 'other', '--test', 'new.tsv'])
    const args = ['compare', 'transduce', 'runs/other', '--evaluation', 'new', '--format', 'json']
    const compared = JSON.parse((await seqlab(folder, args)).stdout)
    expect(compared.groups).toHaveLength(1)
    expect(compared.groups[0].examples).toBe(4)
    expect(compared.skipped).toEqual([])
    const none = await seqlab(folder, ['compare', 'runs/transduce', '--evaluation', 'nothing'])
    expect(none).toMatchObject({ code: 2, stdout: '' })
    expect(none.stderr).toContain('--evaluation: no trial has an evaluation nothing')
  })

  it('say how many lines were merged, which those of classes are not', async () => {
    const folder = folderOf('transduce')
    writeFileSync(join(folder, 'twice.tsv'), 'abc\tcba\nabc\tabc\nfed\tdef\nfed\tdef\nabc\tcba\n')
    const { stdout } = await seqlab(folder, ['evaluate', 'transduce', '--test', 'twice.tsv'])
    expect(stdout).toContain('transduce on 2 examples of twice.tsv')
    expect(stdout).toContain(
      'merged: test 2 examples of 5 read: equal sources are one example with every answer that they have (data.references: separate keeps them apart)',
    )
    const own = join(trialIn(folder, 'transduce'), 'evaluations', 'twice')
    expect(JSON.parse(readFileSync(join(own, 'details.json'), 'utf8')).counts.merged).toEqual({
      test: { read: 5, examples: 2 },
    })
    expect(readFileSync(join(own, 'report.html'), 'utf8')).toContain('Merged: test 2 examples of 5 read')
    const classes = folderOf('classify')
    writeFileSync(join(classes, 'twice.tsv'), 'ab\tlow\nab\thigh\nab\tmiddle\nef\thigh\nef\thigh\n')
    const apart = (await seqlab(classes, ['evaluate', 'classify', '--test', 'twice.tsv'])).stdout
    expect(apart).toContain('classify on 5 examples of twice.tsv')
    expect(apart).not.toContain('merged')
  })

  it('are listed with their data and metrics by list and show', async () => {
    const folder = folderOf('transduce')
    writeFileSync(join(folder, 'few.tsv'), 'abc\tcba\nfed\tdef\n')
    await seqlab(folder, ['evaluate', 'transduce', '--test', 'few.tsv', '--name', 'listed'])
    const results = readEvaluation(trialIn(folder, 'transduce'), 'listed')?.results
    const listed = { name: 'listed', testSet: { files: ['few.tsv'], examples: 2 }, results }
    const linesOf = ({ stdout }: { readonly stdout: string }) =>
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line))
    for (const args of [['list'], ['show', 'transduce'], ['show', `runs/transduce`]]) {
      const runs = linesOf(await seqlab(folder, [...args, '--json']))
      const all = runs.flatMap(({ ownEvaluations = [] }) => ownEvaluations)
      expect(all.find(({ name }: { readonly name: string }) => name === 'listed')).toMatchObject(listed)
    }
    const list = (await seqlab(folder, ['list'])).stdout
    expect(list).toMatch(/evaluations\/listed +on 2 examples of few.tsv +\d+ +evaluated +\S+ /)
    const show = (await seqlab(folder, ['show', 'transduce'])).stdout
    expect(show).toMatch(/listed.*on 2 examples of few.tsv/)
  })

  it('have labels, entities, confusion and lengths in details.json', async () => {
    const folder = folderOf('tag')
    const args = ['evaluate', 'tag', '--test', 'test.txt', '--name', 'again', '--json']
    const printed = JSON.parse((await seqlab(folder, args)).stdout)
    const { directory, ...details } = printed
    expect(JSON.parse(readFileSync(join(folder, directory, 'details.json'), 'utf8'))).toEqual(details)
    const { rows, micro } = details.labels
    expect(rows.map(({ name }: { name: string }) => name).sort()).toEqual(['B-X', 'B-Y', 'O'])
    const total = (table: { readonly rows: readonly { readonly expected: number }[] }) =>
      table.rows.reduce((sum, { expected }) => sum + expected, 0)
    expect(micro.expected).toBe(total(details.labels))
    expect(micro.recall).toBeCloseTo(details.results['token-accuracy'].value, 12)
    expect(details.entities.micro.f1).toBeCloseTo(details.results['slot-f1'].value, 12)
    expect(details.labels.macro.f1).toBeCloseTo(details.results['macro-f1'].value, 12)
    const counted = details.confusion.reduce((sum: number, { count }: { count: number }) => sum + count, 0)
    expect(counted).toBe(micro.expected)
    expect(Object.keys(details.lengths)).toContain('slot-f1')
    const page = readFileSync(join(folder, directory, 'report.html'), 'utf8')
    for (const title of ['Metrics with 95 % intervals', 'By label', 'By entity', 'Confusion', 'By source length'])
      expect(page).toContain(title)
  })

  it('take another search and other metrics; equal ones replace each other, others need another name', async () => {
    const folder = folderOf('transduce')
    const base = ['evaluate', 'transduce', '--test', 'test.tsv', '--name', 'wide']
    const wide = await seqlab(folder, [...base, '--beam', '5', '--metric', 'wer', '--metric', 'bleu', '--json'])
    expect(wide.code).toBe(0)
    expect(Object.keys(JSON.parse(wide.stdout).results)).toEqual(['wer', 'bleu'])
    expect(readEvaluation(trialIn(folder, 'transduce'), 'wide')?.decode).toMatchObject({ type: 'beam', width: 5 })
    expect(await seqlab(folder, [...base, '--beam', '5', '--metric', 'wer', '--metric', 'bleu'])).toMatchObject({
      code: 0,
    })
    const other = await seqlab(folder, base)
    expect(other.code).toBe(2)
    expect(other.stderr).toContain('is an evaluation with other data, search or metrics')
    expect(leftovers(trialIn(folder, 'transduce'))).toEqual([])
  })

  it('clear away what killed ones left, and nothing of one that goes on', async () => {
    const folder = folderOf('transduce')
    const trial = trialIn(folder, 'transduce')
    const killed = await stoppedWhileWriting(trial)
    const before = leftovers(trial)
    expect(before).toHaveLength(1)
    killed.kill('SIGKILL')
    await once(killed, 'close')
    const alive = await stoppedWhileWriting(trial)
    const [left = ''] = leftovers(trial)
    expect(before).not.toContain(left)
    // The id of a live process, which did not make the folder: it was used again.
    const reused = join(trial, `.evaluation-${process.pid}`)
    mkdirSync(reused)
    const other = { ...identityOf(process.pid), started: 'another-boot/1' }
    writeFileSync(join(reused, 'owner.json'), JSON.stringify(other))
    // A process of another machine cannot be asked after.
    const elsewhere = join(trial, '.evaluation-1')
    mkdirSync(elsewhere)
    writeFileSync(join(elsewhere, 'owner.json'), JSON.stringify({ ...identityOf(1), host: 'another-machine' }))
    const ran = await built(folder, ['evaluate', 'transduce', '--test', 'test.tsv', '--name', 'after'])
    expect(ran).toMatchObject({ code: 0, stderr: '' })
    expect(leftovers(trial).sort()).toEqual([left, '.evaluation-1'].sort())
    alive.kill('SIGKILL')
    await once(alive, 'close')
    expect((await seqlab(folder, ['prune', 'transduce', '--dry-run'])).code).toBe(0)
    expect(leftovers(trial)).toHaveLength(2)
    expect((await seqlab(folder, ['prune', 'transduce'])).code).toBe(0)
    expect(leftovers(trial)).toEqual(['.evaluation-1'])
    rmSync(elsewhere, { recursive: true })
  })

  it('score the test split of a data file, by the vocabularies and tokenizers of the run', async () => {
    const folder = folderOf('classify')
    const source = {
      type: 'inline',
      test: [
        ['abc', 'low'],
        ['fed', 'high'],
        ['ccc', 'other'],
      ],
    }
    writeFileSync(join(folder, 'data.yaml'), JSON.stringify({ data: { source } }))
    const ran = await seqlab(folder, ['evaluate', 'classify', '--data', 'data.yaml', '--json'])
    expect(ran).toMatchObject({ code: 0, stderr: '' })
    const details = JSON.parse(ran.stdout)
    expect(details).toMatchObject({ name: 'data', testSet: { files: ['data.yaml'], examples: 3 } })
    const rows: { readonly name: string; readonly f1: number }[] = details.labels.rows
    expect(rows.map(({ name }) => name)).toContain('other')
  })
})

describe('what cannot be evaluated is refused in a sentence', () => {
  const refused = (run: string, folder: string, request: Partial<EvaluateRequest>) =>
    evaluateRun({ run, outDir: join(folder, 'runs'), test: { files: [] }, versions: {}, ...request })

  it.each<[string, string, readonly string[], string]>([
    ['no such run', 'nothing', ['test.txt'], 'No run is called nothing'],
    ['no such file', 'tag', ['none.txt'], '--test: there is no file'],
    ['an empty file', 'tag', ['empty.txt'], 'the file is empty'],
    ['invalid UTF-8', 'tag', ['latin.txt'], 'not valid UTF-8'],
    ['blank lines alone', 'tag', ['blank.txt'], 'the file is empty'],
    ['two files for one', 'tag', ['test.txt', 'dev.txt'], 'reads one file, and 2 are named'],
    ['a failed run', 'failed', ['test.txt'], 'has no trained model: the trial failed'],
  ])('%s', async (_, run, files, message) => {
    const folder = folderOf('tag')
    writeFileSync(join(folder, 'empty.txt'), '')
    writeFileSync(join(folder, 'blank.txt'), '\n\n\n')
    writeFileSync(join(folder, 'latin.txt'), Buffer.from([0x61, 0x20, 0xe9, 0x0a]))
    if (run === 'failed') await failIn(folder)
    await expect(refused(run, folder, { test: { files: files.map((file) => join(folder, file)) } })).rejects.toThrow(
      message,
    )
  })

  it.each<[string, Partial<EvaluateRequest>, string]>([
    [
      'a search of a task without one',
      { decode: searchOption({ type: 'beam', width: 2 }, '--beam') },
      'does not search',
    ],
    ['a metric of another task', { metrics: [metricOption('bleu')] }, '--metric: `bleu` cannot score the task tag'],
    ['a metric twice', { metrics: [metricOption('f1'), metricOption('f1')] }, '--metric: `f1` is in the list twice'],
    [
      'all that is wrong at once',
      { decode: searchOption({ type: 'beam', width: 2 }, '--beam'), metrics: [metricOption('bleu')] },
      '--metric: `bleu` cannot score the task tag; --beam: the task tag does not search for an output',
    ],
    ['a planned name', { name: 'final' }, 'final is a name of planned evaluations'],
    ['the form of a planned name', { name: '0123abcd' }, '0123abcd is a name of planned evaluations'],
    ['a name of a path', { name: '../x' }, "cannot be an evaluation's name"],
  ])('%s', async (_, request, message) => {
    const folder = folderOf('tag')
    await expect(refused('tag', folder, { test: { files: [join(folder, 'test.txt')] }, ...request })).rejects.toThrow(
      message,
    )
  })

  it.each<[string, string, string]>([
    [
      'more than data',
      'data: { source: { type: tagged, test: test.txt } }\nmodel: {}\n',
      'model: `model` is not a key of a data file',
    ],
    [
      'data of another task',
      'data: { source: { type: text, test: test.txt } }\n',
      'this task needs pairs of source and target',
    ],
    ['no data', 'source: { type: text }\n', 'the file needs `data`'],
    ['no map', '- 1\n', 'has no map'],
    ['no YAML', 'data: [\n', 'is not valid YAML'],
  ])('a data file with %s', async (_, text, message) => {
    const folder = folderOf('tag')
    const dataFile = join(folder, 'data.yaml')
    writeFileSync(dataFile, text)
    const error: unknown = await refused('tag', folder, { test: { dataFile } }).catch((reason: unknown) => reason)
    if (!(error instanceof SeqlabError)) throw new Error('it was not refused')
    expect(error.code).toBe('spec')
    expect(error.problems.map(({ path, message }) => `${path}: ${message}`).join('\n')).toContain(message)
    for (const { place } of error.problems) expect(place).toMatchObject({ file: dataFile })
  })

  it('a model of another task as the baseline, and a model by itself without a place', async () => {
    const folder = folderOf('tag')
    const test = { files: [join(folder, 'test.txt')] }
    const baseline = trialIn(folderOf('classify'), 'classify')
    await expect(refused('tag', folder, { test, baseline })).rejects.toThrow('is a model of another task')
    const alone = refused(join(trialIn(folder, 'tag'), 'model'), folder, { test })
    await expect(alone).rejects.toThrow('is a model by itself')
  })

  it('a series with other columns, or too short a one', async () => {
    const folder = folderOf('forecast')
    writeFileSync(join(folder, 'one.csv'), `wave\n${'1\n'.repeat(20)}`)
    writeFileSync(join(folder, 'short.csv'), `wave,saw\n${'1,2\n'.repeat(7)}`)
    const one = refused('forecast', folder, { test: { files: [join(folder, 'one.csv')] } })
    await expect(one).rejects.toThrow(
      'the series are not those that the model was trained on; expected wave, saw, received wave',
    )
    const short = refused('forecast', folder, { test: { files: [join(folder, 'short.csv')] } })
    await expect(short).rejects.toThrow('the series has no window; expected at least 8 steps')
  })

  it('with exit code 2, on the command line', async () => {
    const folder = folderOf('tag')
    const none = await built(folder, ['evaluate', 'tag'])
    expect(none).toMatchObject({ code: 2, stdout: '' })
    expect(none.stderr).toContain('There are no examples to evaluate on')
    const both = await seqlab(folder, ['evaluate', 'tag', '--test', 'test.txt', '--data', 'data.yaml'])
    expect(both.code).toBe(2)
    expect(() => metricOption('blue')).toThrow('--metric: `blue` is not a metric; did you mean `bleu`?')
    expect(() => searchOption({ type: 'beam', width: 0 }, '--beam')).toThrow('--beam: ')
  })
})

/** A child that writes an evaluation without end: its predictions never run out. */
async function stoppedWhileWriting(trial: string): Promise<ChildProcess> {
  const script = fileURLToPath(new URL('../support/evaluate-without-end.ts', import.meta.url))
  const child = spawn(process.execPath, ['--import', 'tsx', script, trial], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(child.stdout, 'data')
  return child
}

/** A trial that ends in an error. */
async function failIn(folder: string): Promise<void> {
  const train = { steps: 5, batchSize: 8, optimizer: { type: 'sgd', learningRate: 1e38 }, validate: { every: 5 } }
  await expect(trainIn(folder, 'failed', { ...tinyRuns.tag?.spec, train })).rejects.toThrow()
}
