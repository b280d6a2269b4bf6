import { rmSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { answerText } from '../../src/cli/text/answer.js'
import { colorsFor } from '../../src/cli/text/terminal.js'
import { answerTo } from '../../src/inference/answer.js'
import { openMember } from '../../src/inference/member.js'
import { command } from '../support/command.js'
import { crfWithExportedForm, taggerWithExportedForm } from '../support/exported-model.js'

let [crf, softmax] = ['', '']
beforeAll(async () => {
  crf = await crfWithExportedForm(1)
  softmax = await taggerWithExportedForm(2, { type: 'softmax' })
})
afterAll(() => {
  for (const folder of [crf, softmax]) rmSync(folder, { recursive: true })
})

const predict = (folder: string, ...options: readonly string[]) =>
  command(['predict', folder, ...options], { input: 'a b c\nd\n' })

function rowsOf(stdout: string): string[][] {
  const [, ...rows] = stdout.trimEnd().split('\n')
  return rows.map((row) => row.split('\t'))
}

it('--nbest: a line for each of the best, whose first is the output; in jsonl candidates', async () => {
  const rows = rowsOf((await predict(crf, '--nbest', '3', '--output', 'tsv')).stdout)
  expect(rows.map(([line, rank]) => `${line}.${rank}`)).toEqual(['1.1', '1.2', '1.3', '2.1', '2.2'])
  const texts = (await predict(crf)).stdout.trimEnd().split('\n')
  expect(texts).toEqual(rows.filter(([, rank]) => rank === '1').map((row) => row[3]))
  const objects = (await predict(crf, '--nbest', '3', '--output', 'jsonl', '--scores')).stdout.trimEnd().split('\n')
  const [{ candidates, probabilities }] = objects.map((line) => JSON.parse(line))
  expect(candidates.map(({ text }: { text: string }) => text)).toEqual(rows.slice(0, 3).map((row) => row[3]))
  expect(probabilities).toHaveLength(3)
})

it.each<[() => string, readonly string[], string]>([
  [() => crf, ['--nbest', '3'], '--nbest has no place in --output text'],
  [() => crf, ['--nbest', '3', '--scores', '--output', 'tsv'], '--scores and --nbest do not go together'],
  [() => crf, ['--beam', '3'], '--beam: the head crf finds the best labels exactly, by Viterbi'],
  [() => crf, ['--sample'], '--sample: the head crf finds the best labels exactly, by Viterbi'],
  [() => softmax, ['--nbest', '3', '--output', 'tsv'], '--nbest: the task tag does not search for its outputs'],
])('is refused: %s %j', async (folder, options, message) => {
  const { code, stdout, stderr } = await predict(folder(), ...options)
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toContain(message)
})

it('--with a softmax: the n best of both', async () => {
  const { code, stdout } = await predict(crf, '--with', softmax, '--nbest', '2', '--output', 'tsv')
  expect(code).toBe(0)
  expect(rowsOf(stdout).map(([line, rank]) => `${line}.${rank}`)).toEqual(['1.1', '1.2', '2.1', '2.2'])
})

it('try shows a line a token, and the n best with their probabilities', async () => {
  const opened = openMember(crf)
  const answer = await answerTo(opened, 'a b c', 3)
  await opened.dispose()
  if (typeof answer === 'string') throw new Error(answer)
  const lines = answerText(answer, 60, colorsFor({ isTTY: false } as never)).split('\n')
  expect(lines.slice(0, 3).map((line) => line.split(/ +/)[0])).toEqual(['a', 'b', 'c'])
  expect(lines.slice(4).map((line) => line.split(/ +/)[0])).toEqual(['1', '2', '3'])
  expect(answer.best[0]).toEqual({ text: answer.output.text, score: answer.output.score })
})
