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
