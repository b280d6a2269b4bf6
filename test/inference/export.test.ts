import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { exportRun } from '../../src/inference/export.js'
import { openModel } from '../../src/inference/open-model.js'
import { crfWithExportedForm, withExportedForm } from '../support/exported-model.js'
import { pythonWith } from '../support/python.js'
import { built } from '../support/trained-runs.js'

const made: string[] = []
const folder = () => {
  const made1 = mkdtempSync(join(tmpdir(), 'seqlab-export-'))
  made.push(made1)
  return made1
}
afterAll(() => {
  for (const each of made) rmSync(each, { recursive: true })
})

async function exportOf(task: string) {
  const [model, onnx] = [await (task === 'crf' ? crfWithExportedForm(1) : withExportedForm(task)), folder()]
  made.push(model)
  return { model, onnx, paths: await exportRun(model, onnx) }
}

it('writes functions, parameters, description, a README and predict.py, and says what they take', async () => {
  const { onnx, paths } = await exportOf('transduce')
  const names = [
    'encode.onnx',
    'step.onnx',
    'greedy-steps.onnx',
    'model.safetensors',
    'model.json',
    'predict.py',
    'README.md',
  ]
  expect(paths).toEqual(names.map((name) => join(onnx, name)))
  const readme = readFileSync(join(onnx, 'README.md'), 'utf8')
  expect(readme).toContain('| in | `previous` | int32 | [N] |')
  expect(readme).toContain('| out | `logProbs` | float32 | [N, 8] |')
})

it('an earlier export is replaced, and other files of the same names are kept and named', async () => {
  const { model, onnx } = await exportOf('classify')
  await exportRun(model, onnx)
  // As an export that was interrupted has it.
  rmSync(join(onnx, 'README.md'))
  rmSync(join(onnx, 'model.json'))
  const paths = await exportRun(model, onnx)
  expect(readdirSync(onnx).sort()).toEqual(paths.map((path) => basename(path)).sort())
  for (const name of ['README.md', 'model.json', 'predict.py', 'classify.onnx', 'model.safetensors']) {
    const other = folder()
    writeFileSync(join(other, name), '# Mine\n')
    await expect(exportRun(model, other)).rejects.toThrow(`${join(other, name)} would be overwritten`)
    expect(readdirSync(other)).toEqual([name])
    expect(readFileSync(join(other, name), 'utf8')).toBe('# Mine\n')
  }
  // A text in an export that the user has put there, and the run's own folder.
  writeFileSync(join(onnx, 'README.md'), '# Mine\n')
  await expect(exportRun(model, onnx)).rejects.toThrow(`${join(onnx, 'README.md')} would be overwritten`)
  await expect(exportRun(model, model)).rejects.toThrow('would be overwritten')
})

it('a model from before the exported form is refused', async () => {
  const golden = fileURLToPath(new URL('../goldens/models/tag', import.meta.url))
  await expect(exportRun(golden, folder())).rejects.toThrow('without its exported form')
})

const python = pythonWith('numpy, onnxruntime')

/** 500 lines of the symbols that a model knows, and of some that it does not. */
function lines(model: string): string[] {
  const { vocabularies, spec } = JSON.parse(readFileSync(join(model, 'model.json'), 'utf8'))
  const symbols: string[] = [...vocabularies.source.symbols.slice(4), '~']
  const joiner = spec.data.sourceTokens?.type === 'characters' ? '' : ' '
  return Array.from({ length: 500 }, (_, line) => {
    return Array.from({ length: 1 + (line % 7) }, (_, at) => symbols[(line * (at + 3) + at) % symbols.length]).join(
      joiner,
    )
  })
}

describe.skipIf(python === undefined)("predict.py gives what seqlab gives, in Python's ONNX Runtime", () => {
  it.each([
    ['transduce', 1],
    ['transduce', 4],
    ['tag', 1],
    ['crf', 1],
    ['classify', 1],
  ] as const)('%s, a beam of %i', async (task, width) => {
    const { model, onnx } = await exportOf(task)
    const sources = lines(model)
    const options = task === 'transduce' ? ['--beam', String(width)] : []
    const ran = spawnSync(python ?? '', [join(onnx, 'predict.py'), ...options], {
      input: `${sources.join('\n')}\n`,
      encoding: 'utf8',
    })
    expect(ran.stderr).toBe('')
    const opened = await openModel(model)
    const decode = { type: 'beam', width, lengthNormalisation: 0, nBest: 1 } as const
    const outputs = await opened.predict(sources, { decode })
    await opened.dispose()
    expect(ran.stdout.split('\n').slice(0, -1)).toEqual(outputs.map(({ text }) => text))
  })

  let withFeatures = ''
  it('features, however they are joined: a source and a tab before them', async () => {
    const directory = folder()
    const nouns = ['abaca', 'bad', 'cabbad', 'daddab', 'badcab', 'addabba', 'dab', 'acdcab']
    const rows = nouns.flatMap((noun) => [`${noun}\t${noun}s\tN;PL`, `${noun}\t${noun}\t_`])
    writeFileSync(join(directory, 'a.tsv'), `${rows.join('\n')}\n`)
    const joins = {
      source: '{ type: source }',
      context: '{ type: context }',
      attention: '{ type: attention, scorer: dot }',
    }
    for (const [name, joined] of Object.entries(joins)) {
      writeFileSync(join(directory, `${name}.yaml`), inflectionSpec(joined))
    }
    const specs = Object.keys(joins).map((name) => `${name}.yaml`)
    const trained = await built(directory, ['run', ...specs, '--quiet'])
    expect([trained.code, trained.stderr]).toEqual([0, expect.any(String)])
    const models = modelsIn(join(directory, 'runs'))
    const sources = nouns.flatMap(
      (noun) =>
        [
          [noun, 'N;PL'],
          [noun, ''],
          [`${noun}~`, 'PL; X '],
        ] as const,
    )
    for (const name of Object.keys(joins)) {
      const onnx = folder()
      const model = models.get(name) ?? ''
      const opened = await openModel(model)
      await exportRun(model, onnx)
      withFeatures = onnx
      const input = sources.map(([source, features]) => `${source}\t${features}\n`).join('')
      const ran = spawnSync(python ?? '', [join(onnx, 'predict.py'), '--beam', '3'], { input, encoding: 'utf8' })
      expect(ran.stderr).toBe('')
      const decode = { type: 'beam', width: 3, lengthNormalisation: 0, nBest: 1 } as const
      const outputs = await opened.predict(
        sources.map(([source, features]) => ({ source, features })),
        { decode },
      )
      await opened.dispose()
      expect(ran.stdout.split('\n').slice(0, -1)).toEqual(outputs.map(({ text }) => text))
    }
  })

  const run = async (task: string, input: string | Buffer, ...options: string[]) => {
    const { model, onnx } = await exportOf(task)
    const ran = spawnSync(python ?? '', [join(onnx, 'predict.py'), ...options], { input, encoding: 'utf8' })
    return { model, ...ran }
  }

  it('a model of features refuses a line without a tab', async () => {
    const { stderr, status } = spawnSync(python ?? '', [join(withFeatures, 'predict.py')], {
      input: 'bad\n',
      encoding: 'utf8',
    })
    expect([stderr, status]).toEqual([
      'line 1: expected 1 text after the source, each after a tab (features), received 0\n',
      1,
    ])
  })

  it('language-model: the log probability of lines, and the most probable text after a prompt', async () => {
    const texts = ['abc', 'd', 'badcab~dabcab', 'abcdabcdabcdabcdabcd']
    const { model, stdout, stderr } = await run('language-model', texts.join('\n'))
    expect(stderr).toBe('')
    const opened = await openModel(model)
    const outputs = await opened.predict(texts)
    const scores = outputs.map(({ sourceScores = [] }) => sourceScores.reduce((sum, score) => sum + score, 0))
    stdout
      .trim()
      .split('\n')
      .forEach((line, at) => {
        expect(Number(line)).toBeCloseTo(scores[at] ?? Number.NaN, 4)
      })
    const decode = { type: 'beam', width: 3, lengthNormalisation: 0, nBest: 1 } as const
    for (const prompt of ['', 'a', 'bad']) {
      const written = await run('language-model', '', '--prompt', prompt, '--beam', '3')
      const [best] = await opened.write(prompt, [0], { decode })
      expect(written.stdout).toBe(`${best?.text}\n`)
    }
    await opened.dispose()
  })

  it('forecast: from the last window, with a header or without', async () => {
    const { model, ...first } = await run('forecast', csvOf(40))
    expect(first.stderr).toBe('')
    const opened = await openModel(model)
    const { longestSource } = opened.description.sizes
    const [output] = await opened.predict([csvOf(40).trim().split('\n').slice(-longestSource).map(rowOf)])
    await opened.dispose()
    const found = first.stdout.trim().split('\n').map(rowOf)
    found.forEach((step, at) => {
      step.forEach((value, series) => {
        expect(value).toBeCloseTo(output?.values?.[at]?.[series] ?? Number.NaN, 4)
      })
    })
    const names = (opened.description.scaling ?? []).map(({ name }) => name).join(',')
    expect((await run('forecast', `${names}\n${csvOf(40)}`)).stdout).toBe(first.stdout)
    // Blank lines before the first step and after the last are none.
    expect((await run('forecast', `\n${names}\n\n${csvOf(40)}\n\n`)).stdout).toBe(first.stdout)
  })

  it('forecast: quoted cells with line ends, lines that end in CR, and what is white space to seqlab', async () => {
    const plain = (await run('forecast', csvOf(40))).stdout
    const quoted = csvOf(40).replaceAll(/^([^,]*),/gm, '"$1\n" ,\ufeff')
    expect((await run('forecast', quoted)).stdout).toBe(plain)
    expect((await run('forecast', csvOf(40).replaceAll('\n', '\r'))).stdout).toBe(plain)
    expect((await run('forecast', csvOf(40).replaceAll('\n', '\r\r\n'))).stdout).toBe(plain)
  })

  it('lines that end in LF, in CRLF, or where there is no LF in CR alone', async () => {
    const { stdout } = await run('classify', 'abc\nbad\n')
    for (const text of ['abc\rbad\r', 'abc\rbad', 'abc\r\nbad'])
      expect((await run('classify', text)).stdout).toBe(stdout)
    // Where there is one a CR is a character of its line.
    expect((await run('classify', 'abc\rabc\nbad\r\rabc\n')).stdout.split('\n')).toHaveLength(3)
    const mixed = await run('tag', `${`${'a'.repeat(2 ** 20)}\r`.repeat(5)}b\nc\n`)
    expect(mixed.stdout.split('\n')).toHaveLength(6)
    expect(mixed.stderr).toBe('line 6 ends in LF, and those before it in CR alone: give every line the same end\n')
  })

  it.each([
    ['--beam', '0', 'expected a whole number above 0'],
    ['--beam', '-1', 'expected a whole number above 0'],
    ['--beam', '1_0', 'expected a whole number above 0'],
    ['--length-normalisation', 'nan', 'expected a number, 0 or more'],
    ['--length-normalisation', '-1', 'expected a number, 0 or more'],
  ])('%s %s is refused in one sentence', async (flag, value, message) => {
    const { stdout, stderr, status } = await run('transduce', 'abc\n', flag, value)
    expect([stdout, stderr, status]).toEqual(['', `${flag}: ${message}, received '${value}'\n`, 1])
  })

  it.each([
    ['tag', '--beam', '3'],
    ['language-model', '--length-normalisation', '1'],
  ])('%s: %s is refused, since nothing is searched for', async (task, flag, value) => {
    const { stderr, status } = await run(task, 'abc\n', flag, value)
    expect([stderr, status]).toEqual([`${flag}: the task ${task} does not search for its outputs\n`, 1])
  })

  it.each<readonly [string, string | Buffer, string]>([
    ['tag', Buffer.from([0x61, 0x0a, 0xff, 0x0a]), 'line 2 is not valid UTF-8'],
    ['tag', '\n', 'line 1 has no token'],
    ['tag', '', 'standard input has no line'],
    ['generate', 'A B\n', 'the task generate takes one symbol as its source, and this one has 2'],
    ['forecast', '', 'the model forecasts from'],
    ...['1_000', '1e1_0', '\u0661\u0662', '\uff11\uff12', '\x1c5', '5 6', 'nan', '1e999', ''].map(
      (cell) => ['forecast', `1,2\n${cell},3\n`, 'line 2: '] as const,
    ),
    ['forecast', '1,2\n1,"3\n1,4\n', 'line 2: a double quote is not closed'],
    ['forecast', '1,2\n1,"3"4\n', 'line 2: the double quotes do not match'],
    ['forecast', '1,2\n1,y\n', "line 2: 'y' is no finite number"],
    ['forecast', '1,2\n\n1,3\n', 'line 2 is blank, and every line of a series is a step'],
    ['forecast', 'x,y\n1,2\n', "there is no column 'series 1'"],
  ])('%s: refuses %j in one sentence', async (task, input, message) => {
    const { stderr, status } = await run(task, input)
    expect(stderr.trim().split('\n')).toEqual([expect.stringContaining(message)])
    expect(status).toBe(1)
  })
})

const inflectionSpec = (joined: string) => `task: transduce
data:
  source: { type: tsv, file: a.tsv, sourceColumn: 1, targetColumn: 2, featuresColumn: 3 }
  sourceTokens: characters
  targetTokens: characters
  split: { dev: 2, test: 2 }
model:
  source: { representation: { type: embedding, size: 6 } }
  target: { representation: { type: embedding, size: 6 } }
  features: { representation: { type: embedding, size: 6 }, join: ${joined} }
  encoder: { cell: gru, hidden: 6 }
  context: { from: attention, scorer: dot }
  decoder: { cell: gru, hidden: 6, receives: both }
train: { optimizer: { type: adam, learningRate: 0.03 }, steps: 60, batchSize: 8, maxShapes: 1, validate: { every: 60 } }
`

/** The models of a folder of runs, by label. */
function modelsIn(runs: string): ReadonlyMap<string, string> {
  const files = readdirSync(runs, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('model.json'))
  return new Map(
    files.map((file) => [JSON.parse(readFileSync(join(runs, file), 'utf8')).label, dirname(join(runs, file))]),
  )
}

const rowOf = (line: string) => line.split(',').map(Number)

/** Steps of the golden model's two series. */
const csvOf = (steps: number) =>
  Array.from({ length: steps }, (_, step) => `${Math.sin(step)},${Math.cos(step)}\n`).join('')
