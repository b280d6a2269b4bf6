import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answerText, probabilityText } from '../../src/cli/text/answer.js'
import { attentionGrid } from '../../src/cli/text/attention-grid.js'
import { colorsFor } from '../../src/cli/text/terminal.js'
import { columnsOf } from '../../src/cli/text/width.js'
import { type Answer, answerTo } from '../../src/inference/answer.js'
import { openMember } from '../../src/inference/member.js'
import { withExportedForm } from '../support/exported-model.js'
import { built } from '../support/trained-runs.js'

const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
const script = fileURLToPath(new URL('../support/typed.py', import.meta.url))
const hasTerminals = spawnSync('python3', ['-c', 'import pty, os; os.waitstatus_to_exitcode']).status === 0
const models = new Map<string, string>()

beforeAll(async () => {
  for (const task of ['transduce', 'tag', 'classify', 'language-model', 'forecast'])
    models.set(task, await withExportedForm(task))
})
afterAll(() => {
  for (const folder of models.values()) rmSync(folder, { recursive: true })
})

async function answered(task: string, source: string): Promise<Answer> {
  const opened = openMember(models.get(task) ?? '')
  try {
    const answer = await answerTo(opened, source, 3)
    if (typeof answer === 'string') throw new Error(answer)
    return answer
  } finally {
    await opened.dispose()
  }
}

const plain = colorsFor({ isTTY: false } as never)

describe('the attention grid', () => {
  const columns = [...'attention', '郑州', 'a-very-long-token', ' ', '\t', '👩‍👩‍👧']
  const rows = ['郑州', 'b', 'end']
  const weights = rows.map((_, row) => columns.map((_, column) => (column === row ? 1 : column === row + 1 ? 0.06 : 0)))

  it.each(Array.from({ length: 116 }, (_, at) => at + 5))('fits %i columns', (width) => {
    const lines = attentionGrid({ columns, rows, weights }, width)
    for (const line of lines) expect(columnsOf(line)).toBeLessThanOrEqual(width)
    expect(lines.length).toBeGreaterThanOrEqual(rows.length + 1)
    expect(lines.slice(1, 4).every((line) => line.includes('█') || lines.length > 4)).toBe(true)
    expect(lines.join('')).not.toMatch(/\t/)
  })

  it('is darker where weights are larger, and shows what is little', () => {
    expect(attentionGrid({ columns: ['a', 'b', 'c', 'd'], rows: ['x'], weights: [[0, 0.06, 0.5, 1]] }, 40)).toEqual([
      '  a b c d',
      'x · ░ ▒ █',
    ])
  })

  it('counts what is left out of a long source', () => {
    const many = Array.from({ length: 100 }, (_, at) => `${at}`)
    const lines = attentionGrid({ columns: many, rows: ['x'], weights: [many.map(() => 0.01)] }, 41)
    expect(lines.at(-1)).toBe('80 more of the source not shown')
  })
})

describe('an answer', () => {
  it('has the output, its probability, the n best and attention', async () => {
    const answer = await answered('transduce', 'abc')
    expect(answer.best).toHaveLength(3)
    expect(answer.best[0]).toEqual({ text: answer.output.text, score: answer.output.score })
    const lines = answerText(answer, 60, plain).split('\n')
    expect(lines[0]).toBe(`${answer.output.text}  probability ${probabilityText(answer.output.score)}`)
    expect(lines.slice(1, 4).map((line) => line.slice(0, 1))).toEqual(['1', '2', '3'])
    expect(lines.some((line) => /^end +[·░▒▓█]/.test(line))).toBe(true)
  })

  it('of tags has a line a token; of classes the labels by their probability', async () => {
    const tags = await answered('tag', 'a b d')
    expect(answerText(tags, 60, plain).split('\n')).toHaveLength(4)
    const { best, output } = await answered('classify', 'abc')
    expect(best[0]?.text).toBe(output.text)
    expect(best.reduce((sum, { score }) => sum + Math.exp(score), 0)).toBeCloseTo(1, 5)
  })

  it('of a language model has the probability of the text and of each symbol', async () => {
    const { text } = await answered('language-model', 'abc')
    expect(text?.symbols).toEqual(['a', 'b', 'c', '<eos>'])
    expect(answerText(await answered('language-model', 'abc'), 60, plain)).toMatch(
      /^log probability -[\d.]+, perplexity /,
    )
  })

  it('says what the model does not know', async () => {
    expect(answerText(await answered('tag', 'ö b'), 60, plain)).toContain('does not know 1 of its 2 symbols')
    expect(answerText(await answered('tag', 'ö ü'), 60, plain)).toContain('the model knows none of its symbols')
  })

  it('is a sentence where the model cannot read the source', async () => {
    const opened = openMember(models.get('tag') ?? '')
    expect(await answerTo(opened, '  ', 3)).toBe('it cannot be read: expected at least one token, received none')
    await opened.dispose()
  })
})

it('needs a terminal, and text', async () => {
  const folder = models.get('tag') ?? ''
  const ran = await built(folder, ['try', folder], 'a b\n')
  expect(ran).toMatchObject({ code: 2, stdout: '' })
  expect(ran.stderr).toContain('`seqlab try` needs a terminal')
  expect(ran.stderr).toContain('seqlab predict')
})

describe.runIf(hasTerminals)('on a terminal', () => {
  function typed(task: string, columns: number, texts: readonly string[]) {
    const args = [
      script,
      String(columns),
      JSON.stringify(texts),
      process.execPath,
      program,
      'try',
      models.get(task) ?? '',
    ]
    const { stdout } = spawnSync('python3', args, { encoding: 'utf8' })
    const { code, shown }: { code: number; shown: string } = JSON.parse(stdout)
    return { code, shown: stripVTControlCharacters(shown).replaceAll('\r', '') }
  }

  it('answers each line, again from its history, until Ctrl-D', () => {
    const { code, shown } = typed('transduce', 50, ['abc\r', '\u001b[A\r', '\u0004'])
    expect(code).toBe(0)
    expect(shown).toContain('type a source and Enter; Ctrl-D ends.')
    const answers = shown.split('\n').filter((line) => line.includes('probability'))
    expect(answers).toHaveLength(2)
    expect(answers[1]).toBe(answers[0])
    for (const line of shown.split('\n')) expect(columnsOf(line)).toBeLessThanOrEqual(60)
  })

  it('goes on after a source that it cannot read, and ends at Ctrl-C with 130', () => {
    const { code, shown } = typed('tag', 50, ['   \r', 'ö\r', '\u0003'])
    expect(shown).toContain('the model knows none of its symbols')
    expect(code).toBe(130)
  })

  it('refuses a task that reads numbers', () => {
    const { code, shown } = typed('forecast', 80, [])
    expect(shown).toContain('The task forecast reads numbers, which are not typed')
    expect(code).toBe(2)
  })
})
