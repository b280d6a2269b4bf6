import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { command } from '../support/command.js'

// Trained from sentences whose tags follow no scheme: `b-per` beside `B-LOC`. No metric asks for spans.
const folder = mkdtempSync(join(tmpdir(), 'seqlab-tags-'))
const names = ['Ann', 'Bob', 'Cay', 'Dan', 'Eve', 'Fay', 'Gus', 'Hal']
const sentence = (name: string) => `${name}\tb-per\nin\tO\nUlm\tB-LOC\n`
const spec = {
  task: 'tag',
  data: { source: { type: 'tagged', file: 'tags.iob' }, split: { dev: 2, test: 2 } },
  model: {
    source: { representation: { type: 'embedding', size: 4 } },
    encoder: { cell: 'gru', hidden: 4, bidirectional: true },
    head: 'crf',
  },
  train: { optimizer: 'adam', steps: 2, batchSize: 2, validate: { every: 2 } },
  metrics: ['token-accuracy'],
}
const sentenceOfPages = 'There is no table of entities: some tags have a prefix of no scheme (b).'

beforeAll(async () => {
  writeFileSync(join(folder, 'tags.iob'), names.map(sentence).join('\n'))
  writeFileSync(join(folder, 'tags.json'), JSON.stringify(spec))
  const ran = await command(['run', 'tags.json'], { cwd: folder })
  expect(ran).toMatchObject({ code: 0, stderr: expect.not.stringContaining('warning') })
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('a tag model whose training tags follow no scheme', () => {
  it('has a page without a table of entities, which says why', async () => {
    const shown = await command(['show', 'tags', '--html'], { cwd: folder })
    expect(shown).toMatchObject({ code: 0, stderr: '' })
    expect(readFileSync(join(folder, shown.stdout.trim()), 'utf8')).toContain(sentenceOfPages)
  })

  it('is evaluated, and the terminal, the page and details.json say the same', async () => {
    const evaluated = await command(['evaluate', 'tags', '--test', 'tags.iob', '--into', 'results'], { cwd: folder })
    expect(evaluated).toMatchObject({ code: 0, stderr: '' })
    expect(evaluated.stdout).toContain(sentenceOfPages)
    expect(readFileSync(join(folder, 'results', 'report.html'), 'utf8')).toContain(sentenceOfPages)
    const details = JSON.parse(readFileSync(join(folder, 'results', 'details.json'), 'utf8'))
    expect(details.entities.without).toContain(sentenceOfPages)
  })

  it('is not evaluated by spans unless their scheme is known', async () => {
    const asked = await command(['evaluate', 'tags', '--test', 'tags.iob', '--metric', 'slot-f1'], { cwd: folder })
    expect(asked).toMatchObject({ code: 2, stdout: '' })
    expect(asked.stderr).toContain('error: slot-f1: some tags have a prefix of no scheme (b)')
  })
})
