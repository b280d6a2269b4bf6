// Columns by name: tsv, csv and jsonl; several files and patterns.

import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import type { TObject } from 'typebox'
import { describe, expect, test } from 'vitest'
import { csv } from '../../src/data/sources/csv.js'
import { jsonl } from '../../src/data/sources/jsonl.js'
import { parallel } from '../../src/data/sources/parallel.js'
import { tsv } from '../../src/data/sources/tsv.js'
import type { DataSourcePart, ExampleSource } from '../../src/data/sources/types.js'
import { folder } from '../support/data.js'

type Part = DataSourcePart<TObject, ExampleSource>

async function read(part: Part, options: object, files: Readonly<Record<string, string | Uint8Array>>) {
  const made = await folder(files)
  try {
    const { train } = await part.build({ ...options }).read(made)
    return [...train].map(({ source, target, where }) => ({ source, target, where }))
  } finally {
    await made.remove()
  }
}

const csvOptions = { file: 'x', sourceColumn: 'text', targetColumn: 'label', separator: ',' }
const readCsv = (content: string, more: object = {}) => read(csv, { ...csvOptions, ...more }, { x: content })
const keys = { file: 'x', sourceColumn: 'text', targetColumn: 'label' }
const readJson = (content: string, more: object = {}) => read(jsonl, { ...keys, ...more }, { x: content })

describe('csv', () => {
  test('columns by name, in any order; quotes, line ends and separators in cells; CRLF and a byte order mark', async () => {
    const content = '\ufeffid,label,text\r\n1,good,"Fine, ""really""\r\nfine"\r\n2,bad,no\r\n'
    expect(await readCsv(content)).toEqual([
      { source: 'Fine, "really"\nfine', target: 'good', where: 'x:2' },
      { source: 'no', target: 'bad', where: 'x:4' },
    ])
  })

  test('a column by its name in another form of its letters (UAX 15)', async () => {
    const named = { sourceColumn: 'caf\u00e9', targetColumn: 'e\u0301tat' }
    expect(await readCsv('cafe\u0301,\u00e9tat\na,b\n', named)).toEqual([{ source: 'a', target: 'b', where: 'x:2' }])
  })

  test('columns by number, with and without a header; another separator', async () => {
    const numbers = { sourceColumn: 2, targetColumn: 1 }
    const one = [{ source: 'b', target: 'a', where: 'x:2' }]
    expect(await readCsv('l,t\na,b\n', numbers)).toEqual(one)
    expect(await readCsv('a;b\n', { ...numbers, separator: ';', header: false })).toEqual([{ ...one[0], where: 'x:1' }])
  })

  test('a first line that is taken as the header by default is doubted where a column of a side is like the data', async () => {
    const files = await folder({ x: 'id,a,X\n1,b,X\n', x2: 'id,e,1\n1,f,2\n', y: 'id,text,label\n1,c,X\n' })
    const kinds = async (more: object) => {
      const found = await csv.build({ ...csvOptions, sourceColumn: 2, targetColumn: 3, ...more }).read(files)
      return found.otherKind && Object.keys(found.otherKind)
    }
    expect(await kinds({})).toEqual(['x'])
    expect(await kinds({ file: ['x', 'y'] })).toEqual(['x'])
    expect(await kinds({ file: ['x', 'x2', 'y'] })).toEqual(['x', 'x2'])
    expect(await kinds({ file: 'y' })).toBeUndefined()
    expect(await kinds({ targetColumn: 1 })).toBeUndefined()
    expect(await kinds({ header: true })).toBeUndefined()
    await files.remove()
  })

  test.each([
    ['another separator', 'text;label\na;b\n', 'x:1: there is no column "text"'],
    ['a misspelt name', 'txt,label\na,b\n', 'x:1: there is no column "text"; did you mean `txt`?'],
    ['a name twice', 'text,label,text\na,b,c\n', 'x:1:3: two columns are called "text"'],
    [
      'a ragged record',
      'text,label\na,b\nc,d,e\n',
      'x:3: the record has a wrong number of columns; expected 2, as in the first record, received 3',
    ],
    [
      'a short record',
      'text,label\n\na\n',
      'x:3: the record has a wrong number of columns; expected at least 2, received 1',
    ],
    ['an open quote', 'text,label\n"a,b\n', 'x:2: a double quote is not closed'],
    ['an empty file', ' \n', 'x: the file is empty'],
  ])('%s is refused', async (_, content, message) => {
    await expect(readCsv(content)).rejects.toThrow(message)
  })

  test('quotes that do not match for another separator: which mark it may be', async () => {
    const semicolons = 'text;label\n"good, really";pos\n'
    const error = await readCsv(semicolons).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({
      message: 'x:2: the double quotes do not match',
      hint: 'are the columns separated by ";"? Set `separator`',
    })
  })

  test('one column alone: which mark may separate them', async () => {
    const hint = 'are the columns separated by ";"? Set `separator`'
    await expect(readCsv('a;b\nc;d\n', { sourceColumn: 1, targetColumn: 2 })).rejects.toMatchObject({ hint })
  })

  test('names that one column alone does not have: which mark may separate them', async () => {
    const named = { sourceColumn: 'text', targetColumn: 'label' }
    await expect(readCsv('text;label\na;b\n', named)).rejects.toMatchObject({
      message: expect.stringMatching(/^x:1: there is no column "text"; expected "text;label"/),
      hint: 'are the columns separated by ";"? Set `separator: ";"`',
    })
    const tabs = await readCsv('text\tlabel\na\tb\n', named).catch((thrown: unknown) => thrown)
    expect(tabs).toMatchObject({
      hint: 'are the columns separated by "\\t"? Then the source `tsv` reads them, or `csv` with `separator: "\\t"`',
    })
    // There is nothing else between names.
    await expect(readCsv('words\na\n', named)).rejects.not.toHaveProperty('hint', expect.any(String))
  })

  test('which source reads a table that has no tabs', async () => {
    const options = { file: 'x', sourceColumn: 'text', targetColumn: 'label' }
    await expect(read(tsv, options, { x: 'text;label\na;b\n' })).rejects.toMatchObject({
      message: expect.stringMatching(/there is no column "text"/),
      hint: expect.stringContaining('are the columns separated by ";"? `csv` reads them, with separator: ";"'),
    })
  })

  test("Excel's line with the separator is none of the table", async () => {
    const message = /^x:1: "sep=;" is no record: it tells Excel what separates the columns/
    await expect(readCsv('sep=;\ntext;label\na;b\n')).rejects.toMatchObject({
      message: expect.stringMatching(message),
      hint: 'remove the line, and set `separator: ";"`',
    })
    await expect(readCsv('sep=;\ntext;label\na;b\n', { separator: ';' })).rejects.toMatchObject({
      message: expect.stringMatching(message),
      hint: 'remove the line',
    })
    await expect(readCsv('sep=,\ntext,label\na,b\n')).rejects.toMatchObject({ hint: 'remove the line' })
  })

  test('what is written is read back', async () => {
    const cell = fc.string({ unit: 'grapheme', maxLength: 8 }).map((text) => text.replaceAll('\r', '').trim())
    const rows = fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 8 })
    const quote = (text: string) => `"${text.replaceAll('"', '""')}"`
    await fc.assert(
      fc.asyncProperty(rows, async (pairs) => {
        const lines = [['text', 'label'], ...pairs].map((row) => row.map(quote).join(','))
        const examples = await readCsv(`${lines.join('\n')}\n`)
        expect(examples.map(({ source, target }) => [source, target])).toEqual(pairs)
      }),
      { numRuns: 60 },
    )
  })
})

test('what is wrong with the options of csv, all at once', () => {
  const problems = (more: object) =>
    csv
      .build({ ...csvOptions, ...more })
      .problems?.({ source: 'tokens', target: 'labels' })
      .map(({ path, message }) => `${path}: ${message}`)
  expect(problems({})).toEqual([])
  expect(problems({ train: 'y', header: false, factors: { source: 'pos' } })).toEqual([
    'train: `train` and `file` exclude each other',
    'header: a column is chosen by its name, and the files have no header',
    'factors.source: `source` cannot name a factor: it means something else',
  ])
})

test.each([
  ['csv', csv, 'text,label\n', {}],
  ['csv without a header', csv, 'text,label\n', { sourceColumn: 1, targetColumn: 2 }],
  ['tsv', tsv, 'text\tlabel\n', { header: true, sourceColumn: 1, targetColumn: 2 }],
  ['tsv by names', tsv, '\ntext\tlabel\n', {}],
] as const)('a header alone (%s) is told as what it is', async (name, part, content, more) => {
  const found = read(part, { ...csvOptions, ...more }, { x: content })
  // A blank line is counted.
  if (name === 'tsv by names') expect(await found).toHaveLength(1)
  else await expect(found).rejects.toThrow('x: there is no example after the header')
})

describe('jsonl', () => {
  test('values by key: texts, numbers, lists of tokens, maps in maps; blank lines are counted', async () => {
    const content = '{"text": "a", "label": 1}\n\n{"label": true, "text": ["San Marino", "x"]}\n'
    expect(await readJson(content)).toEqual([
      { source: 'a', target: '1', where: 'x:1' },
      { source: '', target: '', where: 'x:2' },
      { source: ['San Marino', 'x'], target: 'true', where: 'x:3' },
    ])
    const nested = { sourceColumn: 'translation.de', targetColumn: 'translation.en' }
    expect(await readJson('{"translation": {"de": "Haus", "en": "house"}}\n', nested)).toEqual([
      { source: 'Haus', target: 'house', where: 'x:1' },
    ])
    expect(await readJson('{"a.b": "c", "label": "d"}\n', { sourceColumn: 'a.b' })).toMatchObject([{ source: 'c' }])
  })

  test('numbers are texts as they are written, wherever they stand', async () => {
    const labels = ['12345678901234567890', '12345678901234567891', '1.10', '1.1', '0.1e-6', '1e21', '1E+2', '-0', '0']
    const content = labels.map((label, at) => `{"text": "${at} \\" 1.50", "label": ${label}}\n`).join('')
    const read = await readJson(content)
    expect(read.map(({ target }) => target)).toEqual(labels)
    expect(read[3]?.source).toBe('3 " 1.50')
    const nested = '{"2": 7, "1": {"label": [], "n": 1.10}, "text": 2.0}\n'
    expect(await readJson(nested, { targetColumn: '1.n' })).toMatchObject([{ source: '2.0', target: '1.10' }])
    await expect(readJson('{"text": [1.50, {"n": 1e3}], "label": "b"}\n')).rejects.toThrow('received [1.50,{"n":1e3}]')
    await expect(readJson('{"text": 1.50, "label": "b"}\n', { targetColumn: 'text.n' })).rejects.toThrow(
      'there is no "text.n"; expected a key of the object, received 1.50',
    )
    await expect(readJson('{"text": 01, "label": "b"}\n')).rejects.toThrow('it is not whole JSON')
  })

  test.each([
    ['no JSON', 'a\tb\n', 'x:1: the line is no JSON object: it is not whole JSON'],
    ['a list', '["a"]\n', 'x:1: the line is no JSON object: it is not a map of keys and values'],
    [
      'a key twice',
      '{"text": "a", "text": "b", "label": "c"}\n',
      'x:1: the line is no JSON object: it has the key "text" twice',
    ],
    [
      'a missing key',
      '{"txt": "a", "label": "b"}\n',
      'x:1: there is no "text"; did you mean `txt`?; expected a key of the object, received "txt", "label"',
    ],
    [
      'null',
      '{"text": null, "label": "b"}\n',
      'x:1: "text" is neither a text nor a list of tokens; expected a text, a number, true or false, or a list of texts, received null',
    ],
    [
      'a key within a list',
      '{"text": [["a"]], "label": "b"}\n',
      'x:1: "text" is neither a text nor a list of tokens; expected a text, a number, true or false, or a list of texts, received [["a"]]',
    ],
    ['a map', '{"text": {"de": "a"}, "label": "b"}\n', 'x:1: "text" is neither a text nor a list of tokens'],
    ['a list of numbers', '{"text": [1, 2], "label": "b"}\n', 'x:1: "text" is neither a text nor a list of tokens'],
    [
      'deep nesting',
      `{"text": ${'['.repeat(100)}${']'.repeat(100)}, "label": "b"}\n`,
      'it is nested more than 64 levels deep',
    ],
  ])('%s is refused', async (_, content, message) => {
    await expect(readJson(content)).rejects.toThrow(message)
  })

  test('what to do about a list for the whole file, and about a map', async () => {
    await expect(readJson('[\n{"text": "a"}\n]\n')).rejects.toMatchObject({
      hint: expect.stringContaining('jq -c ".[]" FILE'),
    })
    await expect(readJson('{"text": {"de": "a"}, "label": "b"}\n')).rejects.toMatchObject({
      hint: 'for a value within it write "text.de"',
    })
  })

  test('what is written is read back', async () => {
    const rows = fc.array(
      fc.record({ text: fc.string({ unit: 'grapheme' }), label: fc.string({ unit: 'grapheme-composite' }) }),
      {
        minLength: 1,
      },
    )
    await fc.assert(
      fc.asyncProperty(rows, async (objects) => {
        const examples = await readJson(objects.map((object) => `${JSON.stringify(object)}\n`).join(''))
        const expected = objects.map(({ text, label }) => [text, label])
        expect(examples.map(({ source, target }) => [source, target])).toEqual(expected)
      }),
      { numRuns: 60 },
    )
  })
})

describe('tsv', () => {
  test('columns by name: the first line names them', async () => {
    const files = { x: '\nform\tlemma\nwent\tgo\n' }
    const expected = [
      { source: '', target: '', where: 'x:1' },
      { source: 'go', target: 'went', where: 'x:3' },
    ]
    const named = { file: 'x', sourceColumn: 'lemma', targetColumn: 'form' }
    expect(await read(tsv, named, files)).toEqual(expected)
    expect(await read(tsv, { ...named, sourceColumn: 2 }, files)).toEqual(expected)
    await expect(read(tsv, { ...named, sourceColumn: 'lema' }, files)).rejects.toThrow(
      'x:2: there is no column "lema"; did you mean `lemma`?',
    )
  })

  test('names without a header are refused', () => {
    const options = { file: 'x', sourceColumn: 'lemma', targetColumn: 1, header: false }
    const problems = tsv.build(options).problems?.({ source: 'tokens', target: 'tokens' })
    expect(problems).toMatchObject([
      { path: 'header', message: 'a column is chosen by its name, and the files have no header' },
    ])
  })
})

describe('several files', () => {
  const files = { 'b.tsv': 'b\tB\n', 'a.tsv': 'a\tA\n', 'c.tsv.gz': gzipSync('c\tC\n'), '[d].tsv': 'd\tD\n' }
  const options = { sourceColumn: 1, targetColumn: 2 }
  const sourcesOf = async (file: string | readonly string[]) =>
    (await read(tsv, { ...options, file }, files)).map(({ source }) => source)

  test('a list in its order, a pattern in the order of names, gzipped ones too', async () => {
    expect(await sourcesOf(['b.tsv', 'a.tsv'])).toEqual(['b', 'a'])
    expect(await sourcesOf('?.tsv')).toEqual(['a', 'b'])
    expect(await sourcesOf(['c.*', '{b,a}.tsv'])).toEqual(['c', 'a', 'b'])
  })

  test('a file whose own name looks like a pattern', async () => {
    expect(await sourcesOf('[d].tsv')).toEqual(['d'])
  })

  test('no file, or one twice, is refused', async () => {
    await expect(sourcesOf('*.csv')).rejects.toThrow('*.csv: no file fits this pattern')
    await expect(sourcesOf(['a.tsv', '*.tsv'])).rejects.toThrow('a.tsv: the file is in the set twice')
  })

  test('all mistakes of all files in one round', async () => {
    const wrong = read(tsv, { ...options, file: ['a', 'b'] }, { a: 'x\n', b: 'y\tY\nz\n' })
    await expect(wrong).rejects.toMatchObject({
      problems: [{ place: { file: 'a', line: 1 } }, { place: { file: 'b', line: 2 } }],
    })
  })

  test('parallel: as many files of sources as of targets', async () => {
    const both = { '1.de': 'a\n', '2.de': 'b\n', '1.en': 'A\n', '2.en': 'B\n' }
    const examples = await read(parallel, { files: { source: '*.de', target: ['1.en', '2.en'] } }, both)
    expect(examples.map(({ source, target }) => `${source}${target}`)).toEqual(['aA', 'bB'])
    await expect(read(parallel, { files: { source: '*.de', target: '1.en' } }, both)).rejects.toThrow(
      '*.de: sources and targets are not as many files; expected 2 files of targets',
    )
  })
})
