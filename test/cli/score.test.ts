import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { command } from '../support/command.js'
import { withExportedForm } from '../support/exported-model.js'

// Golden models; where a pipe is the subject, the built program (`npm test` builds first).
const seqlab = (cwd: string, args: readonly string[], input?: string | Buffer) =>
  command(args, { cwd, ...(input !== undefined && { input }) })

const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
let model = ''
let series = ''

beforeAll(async () => {
  model = await withExportedForm('tag')
  series = await withExportedForm('forecast')
})
afterAll(() => {
  for (const folder of [model, series]) rmSync(folder, { recursive: true })
})

it('scores pairs of a file, and the same of standard input', async () => {
  const pairs = 'a b\tlow low\nb d\tlow high\n'
  writeFileSync(join(model, 'pairs.tsv'), pairs)
  const [file, stdin] = [await seqlab(model, ['score', '.', 'pairs.tsv']), await seqlab(model, ['score', '.'], pairs)]
  expect(file).toMatchObject({ code: 0, stderr: '' })
  expect(file.stdout).toMatch(/^line\tscore\tper symbol\tsymbols\tskipped\n1\t-[\d.e-]+\t-[\d.e-]+\t2\t\n2\t/)
  expect(stdin.stdout).toBe(file.stdout)
})

it('skips what cannot be scored, with the reason, and warns of what is unknown', async () => {
  const input = Buffer.concat([
    Buffer.from('a b\tlow low\n'),
    Buffer.from([0x61, 0xe9, 0x09, 0x61, 0x0a]),
    Buffer.from(`${'a '.repeat(3_000_000)}\tlow\n`),
    Buffer.from('ö ü\tlow low\n'),
  ])
  const { code, stdout, stderr } = await seqlab(model, ['score', '.', '--on-error', 'skip'], input)
  expect(code).toBe(0)
  expect(stdout.split('\n').map((line) => line.split('\t')[0])).toEqual(['line', '1', '2', '3', '4', ''])
  expect(stderr).toContain('stdin:2: this line is not valid UTF-8')
  expect(stderr).toContain('stdin:3: the line is too long')
  expect(stderr).toContain('stdin:4: the model knows none of its symbols')
})

it.each<[string, () => string, readonly string[], string, string]>([
  ['no line', () => model, [], '', 'stdin has no line'],
  ['a line without a tab', () => model, [], 'a b\n', 'stdin:1: the line has too few columns'],
  ['no such file', () => model, ['none.tsv'], '', 'none.tsv'],
  ['a forecast', () => series, [], '1\t2\n', 'gives numbers, which have no probability'],
  ['alignments in tsv', () => model, ['--alignments'], '', '--alignments has no place in --output tsv'],
  ['standard input as a source', () => model, ['--input', 'source'], '', '--input source reads files'],
])('refuses %s in a sentence, with exit code 2', async (_, folder, args, input, message) => {
  const { code, stderr } = await seqlab(folder(), ['score', '.', ...args], input)
  expect(stderr).toContain(message)
  expect(stderr).not.toContain('bug')
  expect(code).toBe(2)
})

it('ends quietly where its reader does', async () => {
  const child = spawn(process.execPath, [program, 'score', '.', '--batch-size', '4'], { cwd: model })
  child.stdin.on('error', () => {})
  const line = 'a b\tlow low\n'.repeat(200)
  const feeding = setInterval(() => child.stdin.write(line), 1)
  const errors: Buffer[] = []
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk))
  await once(child.stdout, 'data')
  child.stdout.destroy()
  const [code] = await once(child, 'close')
  clearInterval(feeding)
  expect([code, Buffer.concat(errors).toString()]).toEqual([0, ''])
})
