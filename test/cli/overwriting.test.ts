import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { command } from '../support/command.js'
import { tinyRuns } from '../support/trained-runs.js'

// A tiny transducer whose spec extends another one; its data are in three files, of which one is named by a pattern.
const folder = mkdtempSync(join(tmpdir(), 'seqlab-overwriting-'))
const { spec, files } = tinyRuns.transduce ?? { spec: {}, files: {} }
const at = (name: string) => join(folder, name)
const seqlab = (...args: readonly string[]) => command(args, { cwd: folder })

beforeAll(async () => {
  for (const [name, text] of Object.entries(files)) writeFileSync(at(name), text)
  writeFileSync(at('base.json'), JSON.stringify(spec))
  writeFileSync(
    at('reversed.yaml'),
    'extends: base.json\ndata: { source: { train: "tra*.tsv" } }\ntrain: { steps: 2, validate: { every: 2 } }\n',
  )
  writeFileSync(at('study.yaml'), 'extends: reversed.yaml\ngrid: { model.encoder.hidden: [4, 8] }\n')
  symlinkSync('reversed.yaml', at('link.yaml'))
  linkSync(at('train.tsv'), at('second-name.tsv'))
  expect(await seqlab('run', 'reversed.yaml', '--quiet')).toMatchObject({ code: 0 })
})
afterAll(() => rmSync(folder, { recursive: true }))

/** The command is refused, and nothing in any file has changed. */
async function expectRefused(option: string, output: string, ...args: readonly string[]): Promise<void> {
  const before = readFileSync(at(output))
  const ran = await seqlab(...args, option, output)
  expect(ran).toMatchObject({ code: 2, stdout: '' })
  expect(ran.stderr).toContain(`error: ${option} is a file that this command reads: ${output}\n`)
  expect(readFileSync(at(output)).equals(before)).toBe(true)
}

const study = () => {
  const [trial = ''] = readdirSync(at('runs/reversed'), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() && /^[\da-f]{16}$/.test(entry.name) ? [entry.name] : [],
  )
  return {
    ledger: 'runs/reversed/ledger.jsonl',
    record: `runs/reversed/${trial}/record.json`,
    model: `runs/reversed/${trial}/model/model.json`,
  }
}

describe('a file that a command reads is not written over', () => {
  test.each(['reversed.yaml', 'base.json', 'link.yaml', 'train.tsv', 'dev.tsv', 'second-name.tsv'])(
    '%s by events of a run, or by a drawing',
    async (output) => {
      await expectRefused('--events', output, 'run', 'reversed.yaml')
      await expectRefused('--svg', output, 'explain', 'reversed.yaml')
      await expectRefused('--svg', output, 'explain', 'reversed.yaml', '--no-data')
    },
  )

  test('by events of a study', async () => {
    for (const output of ['study.yaml', 'base.json', 'test.tsv'])
      await expectRefused('--events', output, 'sweep', 'study.yaml')
    expect(existsSync(at('runs/study'))).toBe(false)
  })

  test('which a run goes on from, or a comparison is made of', async () => {
    const { ledger, record, model } = study()
    for (const output of [ledger, record]) await expectRefused('--events', output, 'run', 'reversed.yaml')
    for (const output of [ledger, record, model])
      await expectRefused('--out', output, 'compare', 'reversed', '--format', 'md')
  })

  test('by an evaluation of it', async () => {
    mkdirSync(at('results'))
    writeFileSync(at('results/predictions.jsonl'), readFileSync(at('test.tsv')))
    const ran = await seqlab('evaluate', 'reversed', '--test', 'results/predictions.jsonl', '--into', 'results')
    expect(ran).toMatchObject({ code: 2, stdout: '' })
    expect(ran.stderr).toContain('--into would write over a file that this command reads: results/predictions.jsonl')
    expect(readdirSync(at('results'))).toEqual(['predictions.jsonl'])
    writeFileSync(at('data.yaml'), 'data: { source: { type: tsv, test: results/predictions.jsonl } }\n')
    const described = await seqlab('evaluate', 'reversed', '--data', 'data.yaml', '--into', 'results')
    expect(described).toMatchObject({ code: 2, stdout: '', stderr: ran.stderr })
  })
})

test('other files are written, those of an earlier command too', async () => {
  for (let time = 0; time < 2; time++) {
    expect(await seqlab('explain', 'reversed.yaml', '--svg', 'model.svg')).toMatchObject({ code: 0 })
    expect(await seqlab('run', 'reversed.yaml', '--quiet', '--events', 'runs/reversed/events.jsonl')).toMatchObject({
      code: 0,
    })
    expect(await seqlab('compare', 'reversed', '--out', 'runs/reversed/comparison.html')).toMatchObject({ code: 0 })
    expect(await seqlab('evaluate', 'reversed', '--test', 'test.tsv', '--into', 'again')).toMatchObject({ code: 0 })
  }
  expect(await seqlab('explain', 'reversed.yaml', '--svg', '/dev/null')).toMatchObject({ code: 0 })
})
