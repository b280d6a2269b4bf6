import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { checkedText } from '../../src/cli/text/data-facts.js'
import { prepare } from '../../src/spec/prepare.js'
import { readStartingState } from '../../src/store/index.js'

const folder = mkdtempSync(join(tmpdir(), 'seqlab-facts-'))
afterAll(() => rmSync(folder, { recursive: true }))

const model = `model:
  source: { representation: { type: embedding, size: 4 } }
  encoder: { cell: gru, hidden: 4 }
train: { optimizer: adam, steps: 2, validate: { every: 1 } }
`

async function printed(text: string): Promise<readonly string[]> {
  const file = join(folder, 'x.yaml')
  writeFileSync(file, text)
  const { specs, problems } = await prepare([file], { kind: 'either', readState: readStartingState })
  expect(problems).toEqual([])
  return checkedText('x.yaml', specs).split('\n')
}

test('tags: examples, lengths, unknown tokens, balance, scheme, and warnings', async () => {
  const data = `task: tag
data:
  source:
    type: inline
    train: [[a b c, B-x I-x O], [\u00e9, O]]
    dev: [[a b c, B-x I-x O], ["e\u0301 d", Q Q]]
    test: [[d, Q]]
metrics: [slot-f1]
`
  expect(await printed(data.replace('\u00e9', '"\\u00e9"') + model)).toEqual([
    'x.yaml: no errors',
    '  train    2 examples; source 2 tokens on average, 3 at most, 0 % unknown',
    '  dev      2 examples; source 2.5 tokens on average, 3 at most, 40.0 % unknown; 40.0 % of labels not in train',
    '  test     1 example; source 1 token, 100.0 % unknown; 100.0 % of labels not in train',
    '  labels   3: O 50.0 %, B-x 25.0 %, I-x 25.0 %',
    '  metric   slot-f1: scheme auto: iob2, by the training tags',
    '  warning  1 of 2 dev examples has a source that is in train too: `data.split` with keepTogether: source keeps equal sources in one set',
    '  warning  1 unknown token of dev source is in train in another Unicode form: set normalise: NFC',
    '  warning  no label of test is in train',
    '',
  ])
})

test('variants that read other data have blocks of their own', async () => {
  const data = `task: classify
data: { source: { type: inline, examples: [[a, x], [b, y], [c, x]] }, split: { dev: 1, test: 1 } }
grid: { data.sourceTokens: [whitespace, characters], seed: [1, 2] }
`
  const lines = await printed(data + model.replace('train:', '  context: last-state\ntrain:'))
  expect(lines[0]).toBe('x.yaml: no errors, 4 variants')
  expect(lines.filter((line) => line.startsWith('  train'))).toHaveLength(1)
})

test('a tab between quotes ends a column of tsv, and is warned of', async () => {
  writeFileSync(join(folder, 'x.tsv'), 'a\tX\n"b c\td"\n"e\tf"\n"g"\tY\nh\tX\n')
  const data = `task: transduce
data: { source: { type: tsv, file: x.tsv }, split: { dev: 1, test: 1 } }
`
  expect(
    await printed(
      data +
        model.replace(
          'train:',
          '  target: { representation: { type: embedding, size: 4 } }\n  context: last-state\n  decoder: { cell: gru, hidden: 4, receives: initial-state }\ntrain:',
        ),
    ),
  ).toContain(
    '  warning  2 examples (first at x.tsv:2) have a tab between quotes, read as the end of a column: a quoted cell is read by the source csv, with separator: "\\t"',
  )
})

test('the first line of csv that is taken as the header by default is named where it is like the data', async () => {
  const check = async (content: string, more = '') => {
    writeFileSync(join(folder, 'x.csv'), content)
    const data = `task: classify
data: { source: { type: csv, file: x.csv${more} }, split: { dev: 1, test: 1 } }
`
    const lines = await printed(data + model.replace('train:', '  context: last-state\ntrain:'))
    return lines.filter((line) => line.includes('header'))
  }
  const warning = (cells: string) =>
    `  warning  x.csv: its first line is taken as the header (${cells}), and is like the data below it: set header: false if it is an example, header: true if not`
  const rows = 'a b,x\nc d,y\ne f,x\ng,y\n'
  expect(await check(`so it is,x\n${rows}`)).toEqual([warning('"so it is", "x"')])
  expect(await check(`text,label\n${rows}`)).toEqual([])
  expect(await check(`text,7\n${rows.replace(/[xy]/g, '1')}`)).toEqual([warning('"text", "7"')])
  expect(await check(`text,7\n${rows}`)).toEqual([])
  for (const header of ['true', 'false']) expect(await check(`so it is,x\n${rows}`, `, header: ${header}`)).toEqual([])
  expect(await check(`text,x,x\n${rows.replaceAll('\n', ',z\n')}`)).toEqual([warning('"text", "x"')])
  // Of a column that is not read nothing is asked.
  expect(await check(`text,label,z\n${rows.replaceAll('\n', ',z\n')}`)).toEqual([])
  expect(await check(`text,label\n${rows}`, ', sourceColumn: text')).toEqual([])
})

test('what is left out is counted in the plural, by its noun', async () => {
  const sentence = (at: number) => `# of a word\nw${at} O\n\n`
  writeFileSync(join(folder, 'x.iob'), [1, 2, 3].map(sentence).join(''))
  writeFileSync(join(folder, 'one.iob'), `# only this one\n${[1, 2, 3].map((at) => `w${at} O\n\n`).join('')}`)
  const leftOut = async (file: string) => {
    const data = `task: tag\ndata: { source: { type: tagged, file: ${file} }, split: { dev: 1, test: 1 } }\n`
    return (await printed(data + model)).find((line) => line.startsWith('  left out'))
  }
  expect(await leftOut('x.iob')).toBe('  left out 3 comment lines')
  expect(await leftOut('one.iob')).toBe('  left out 1 comment line')
  const series = `task: forecast
data: { source: { type: series, values: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], window: 2, horizon: 2 }, split: { dev: 3, test: 3 } }
`
  const numbers = model.replace('{ type: embedding, size: 4 }', 'numbers')
  const lines = await printed(series + numbers.replace('train:', '  context: last-state\ntrain:'))
  expect(lines.find((line) => line.startsWith('  left out'))).toMatch(/\d targets across a border of the split$/)
})

test('sources that are merged are counted, and of labels those with several right ones', async () => {
  const data = (references: string) => `task: classify
data:
  source:
    type: inline
    train: [[a, x], [b, y]]
    dev: [[a, x]]
    test: [[a, x], [a, y], [a, x], [b, y], [b, y], [a b, x]]
  sourceTokens: whitespace${references}
`
  const ofOne = model.replace('train:', '  context: last-state\ntrain:')
  const about = (lines: readonly string[]) =>
    lines.filter((line) => /merged|several|test {5}/.test(line)).map((line) => line.replace(/; source .*/, ''))
  const grouped = '\n  references: grouped'
  expect(about(await printed(data(grouped) + ofOne))).toEqual([
    '  test     3 examples',
    '  merged   test 3 examples of 6 read: equal sources are one example with every answer that they have (data.references: separate keeps them apart)',
    '  warning  1 of 3 test examples has several labels, any of which counts as right: data.references: separate counts each by itself',
  ])
  // Of labels, every line counts by itself where nothing else is asked for.
  expect(about(await printed(data('') + ofOne))).toEqual(['  test     6 examples'])
  // Of the subset that a limit leaves: one of the three, which are drawn by seed.
  const [, limited = ''] = about(await printed(`${data(`${grouped}\n  limit: { test: 2 }`)}${ofOne}`))
  expect(limited).toMatch(/test 2 examples of [345] read/)
})

test('of how many symbols the files of word vectors have one', async () => {
  writeFileSync(join(folder, 'words.vec'), '3 2\na 1 2\nb 3 4\nz 5 6\n')
  const data = `task: classify
data:
  source: { type: inline, train: [[a b c d, x], [a, y]], dev: [[a, x]], test: [[b, y]] }
  sourceTokens: whitespace
  vectors: { source: words.vec }
`
  const ofVectors = model
    .replace('size: 4', 'size: 2, start: vectors')
    .replace('train:', '  context: last-state\ntrain:')
  expect(await printed(data + ofVectors)).toContain('  vectors  2 of 4 symbols of source')
})
