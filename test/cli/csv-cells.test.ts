import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exportRun } from '../../src/inference/export.js'
import { findTrained } from '../../src/inference/find-trained.js'
import { command } from '../support/command.js'
import { pythonWith } from '../support/python.js'

// A model of sources and labels with line ends in them, which CSV alone can hold.
const folder = mkdtempSync(join(tmpdir(), 'seqlab-cells-'))
const examples = Array.from({ length: 24 }, (_, at) =>
  at % 2 === 0 ? `"good\nnice ${at}","so\nso"` : `bad ${at},"not\r\nso"`,
)
const file = `text,label\n${examples.join('\n')}\n`
const spec = `task: classify
data:
  source: { type: csv, file: a.csv, sourceColumn: text, targetColumn: label }
  sourceTokens: words
  split: { dev: 4, test: 4 }
model:
  source: { representation: { type: embedding, size: 4 } }
  encoder: { cell: gru, hidden: 4 }
  context: last-state
train: { optimizer: { type: adam, learningRate: 0.1 }, steps: 20, batchSize: 8, validate: { every: 20 } }
`
const python = pythonWith('numpy, onnxruntime')
let run = ''

beforeAll(async () => {
  writeFileSync(join(folder, 'a.csv'), file)
  writeFileSync(join(folder, 'a.yaml'), spec)
  const { code, stderr } = await command(['run', 'a.yaml', '--quiet'], { cwd: folder })
  expect([code, stderr]).toEqual([0, expect.any(String)])
  run = (await findTrained('a', join(folder, 'runs'))).directory
})
afterAll(() => rmSync(folder, { recursive: true }))

const given = (args: readonly string[], input: string) => command([...args, '--out', 'runs'], { cwd: folder, input })

describe('cells with line ends', () => {
  it('are read by predict and score as they were in training, and numbered by the lines of the file', async () => {
    const predicted = await given(['predict', 'a', 'a.csv', '--output', 'tsv'], '')
    const rows = predicted.stdout
      .split('\n')
      .slice(1, -1)
      .map((line) => line.split('\t'))
    expect(rows.map(([line, , , label]) => [line, label]).slice(0, 3)).toEqual([
      ['2', 'so so'],
      ['5', 'not so'],
      ['7', 'so so'],
    ])
    expect(rows).toHaveLength(24)
    const scored = await given(['score', 'a', 'a.csv', '--output', 'jsonl'], '')
    const pairs = scored.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(pairs.map(({ line, symbols }) => [line, symbols]).slice(0, 2)).toEqual([
      [2, ['so\nso']],
      [5, ['not\nso']],
    ])
  })

  it.skipIf(python === undefined)('and outputs with line ends are a line each in predict.py too', async () => {
    await exportRun(run, join(folder, 'onnx'))
    const input = 'good nice\nbad\n'
    const ran = spawnSync(python ?? '', [join(folder, 'onnx', 'predict.py')], { input, encoding: 'utf8' })
    expect([ran.stdout, ran.stderr]).toEqual(['so so\nnot so\n', ''])
    expect((await given(['predict', 'a', '--input', 'text'], input)).stdout).toBe(ran.stdout)
  })

  it('that are not closed are one error, after what comes before, whether or not lines are skipped', async () => {
    const input = 'text,label\nbad,x\n"good\nnice,so\nbad,x\n'
    for (const skip of [[], ['--on-error', 'skip']]) {
      const { code, stdout, stderr } = await given(['predict', 'a', ...skip], input)
      expect([code, stdout]).toEqual([2, 'not so\n'])
      expect(stderr.split('\n')[0]).toBe('error: stdin:3: a double quote is not closed')
    }
  })
})
