import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { SeqlabError } from '../../src/core/errors.js'
import { datasetFacts } from '../../src/data/facts.js'
import { loadDataset } from '../../src/data/load.js'
import type { DataOptions } from '../../src/data/options.js'
import type { Sides } from '../../src/data/types.js'
import { folder, pairs } from '../support/data.js'

// Every source of files on every kind of file: data, or a sentence that says which source reads it or what to do.

let made: Awaited<ReturnType<typeof folder>>
beforeAll(async () => {
  made = await folder({})
  await mkdir(join(made.baseDir, 'sub/pos'), { recursive: true })
  await writeFile(join(made.baseDir, 'sub/pos/1.txt'), 'good')
})
afterAll(() => made.remove())

const labels: Sides = { source: 'tokens', target: 'labels' }
const none: Sides = { source: 'tokens', target: 'none' }
const numbers: Sides = { source: 'values', target: 'values' }

interface FileSource {
  readonly options: object
  readonly sides: Sides
  /** A file of this kind, of sources and targets of as many words. */
  write(examples: readonly (readonly [source: string, target: string])[]): string
}

const words = (text: string) => text.split(' ')
const tokens = (source: string, target: string) => words(source).map((word, at) => [word, words(target)[at]] as const)

const sources: Readonly<Record<string, FileSource>> = {
  tsv: {
    options: { file: 'x', sourceColumn: 1, targetColumn: 2 },
    sides: pairs,
    write: (examples) => examples.map(([source, target]) => `${source}\t${target}\n`).join(''),
  },
  csv: {
    options: { file: 'x', sourceColumn: 'from', targetColumn: 'to', separator: ',' },
    sides: pairs,
    write: (all) => `from,to\n${all.map(([source, target]) => `"${source}",${target}\n`).join('')}`,
  },
  jsonl: {
    options: { file: 'x', sourceColumn: 'source', targetColumn: 'target' },
    sides: pairs,
    write: (all) => all.map(([source, target]) => `${JSON.stringify({ source, target })}\n`).join(''),
  },
  scan: {
    options: { file: 'x' },
    sides: pairs,
    write: (all) => all.map(([source, target]) => `IN: ${source} OUT: ${target}\n`).join(''),
  },
  conllu: {
    options: { file: 'x', source: 'FORM', target: 'UPOS' },
    sides: labels,
    write: (all) => {
      const rest = '_\t_\t_\t_\t_\t_'
      const sentence = (source: string, target: string) =>
        tokens(source, target).map(([word, tag], at) => `${at + 1}\t${word}\t_\t${tag}\t${rest}\n`)
      return all.map(([source, target]) => `# a sentence\n${sentence(source, target).join('')}\n`).join('')
    },
  },
  tagged: {
    options: { file: 'x', format: 'columns', target: 'tags' },
    sides: labels,
    write: (all) =>
      all
        .map(
          ([source, target]) =>
            `${tokens(source, target)
              .map(([word, tag]) => `${word} ${tag}\n`)
              .join('')}\n`,
        )
        .join(''),
  },
  text: {
    options: { file: 'x', unit: 'line' },
    sides: none,
    write: (all) => all.map(([source]) => `${source}\n`).join(''),
  },
  series: {
    options: { file: 'x', window: 2, horizon: 1, stride: 1, season: 1, scale: 'standard' },
    sides: numbers,
    write: (all) => `a,b\n${all.map((_, at) => `${at},"${at ** 2}"\n`).join('')}`,
  },
}
const names = Object.keys(sources)
const few = ['the cat', 'a dog sat', 'one', 'two birds', 'my own house', 'it rains', 'no', 'old men'].map(
  (source) => [source, source.replaceAll(/\w+/g, (word) => (word.length % 2 === 0 ? 'E' : 'O'))] as const,
)

async function load(name: string, content: string | Uint8Array) {
  const source = sources[name]
  if (source === undefined) throw new RangeError(name)
  await writeFile(join(made.baseDir, 'x'), content)
  const { options, sides } = source
  const data = { source: { type: name, ...options }, split: { dev: 1, test: 1 } } as unknown as DataOptions
  return loadDataset(data, sides, made)
}

describe.each(names)('a file for %s', (name) => {
  const text = sources[name]?.write(few) ?? ''

  test('gzipped, with Windows line ends, with a byte order mark: the same data', async () => {
    const { digests, counts } = await load(name, text)
    const windows = `\ufeff${text.replaceAll('\n', '\r\n')}`
    for (const same of [gzipSync(text), windows, gzipSync(windows), text.replaceAll('\n', '\r'), text.trimEnd()]) {
      expect(await load(name, same)).toMatchObject({ digests, counts })
    }
  })

  test('equal sources, also in other Unicode forms, stay in one set', async () => {
    if (name === 'series') return
    const accented = few.map(([source, target]) => [source.replaceAll(/[ao]/g, '$&\u0301'), target] as const)
    const composed = accented.map(([source, target]) => [source.normalize('NFC'), target] as const)
    const data = await load(name, sources[name]?.write([...accented, ...composed, ...few]) ?? '')
    expect(datasetFacts(data).counts.seenInTraining ?? {}).toEqual({})
    expect(data.train.size).toBeGreaterThan(4)
  })
})

const html = '<!DOCTYPE html>\n<html>\n<body>404, not found</body>\n</html>\n'
const list = `[\n${few.map(([source, target]) => JSON.stringify({ source, target })).join(',\n')}\n]\n`
const zip = Buffer.concat([Buffer.from('PK\u0003\u0004'), Buffer.alloc(60, 200)])
const parquet = Buffer.concat([Buffer.from('PAR1'), Buffer.alloc(60, 200)])
const kinds: Readonly<Record<string, readonly [content: () => string | Uint8Array, what: string]>> = {
  ...Object.fromEntries(
    ['jsonl', 'conllu', 'scan'].map((name) => [name, [() => sources[name]?.write(few) ?? '', `source \`${name}\``]]),
  ),
  'a list of JSON': [() => list, 'jq -c ".[]" FILE makes lines'],
  'a web page': [() => html, 'a web page'],
  'a zip archive': [() => zip, 'save the sheet as CSV'],
  Parquet: [() => parquet, 'to_json'],
  PDF: [() => Buffer.from('%PDF-1.4\n%\u00e2\u00e3', 'latin1'), 'extract its text'],
  'UTF-16': [() => Buffer.from('\ufeffa\tb\n', 'utf16le'), 'iconv -f UTF-16'],
  'Latin-1': [() => Buffer.from('caf\u00e9\tb\n', 'latin1'), 'iconv -f LATIN1'],
  'other bytes': [() => Buffer.from([1, 0, 200, 3]), 'seqlab reads text in UTF-8'],
  'Git LFS': [() => 'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 5\n', 'git lfs pull'],
}
const failure = (name: string, content: string | Uint8Array): Promise<SeqlabError> =>
  load(name, content).then(
    () => expect.fail('no error'),
    (error: SeqlabError) => error,
  )

test.each(Object.keys(kinds))('%s: every other source says what it is', async (kind) => {
  const [content, what] = kinds[kind] ?? [() => '', '']
  // Text is text, whatever it says; a token and its tag a line may be any two words.
  const isText = typeof content() === 'string' && kind !== 'Git LFS'
  for (const name of names.filter((each) => each !== kind && !(isText && ['text', 'tagged'].includes(each)))) {
    const error = await failure(name, content())
    expect(`${name}: ${error.code} ${error.hint}`).toContain(what)
    expect(`${name}: ${error.code} ${error.hint}`).toContain(`${name}: data `)
  }
})

test.each([
  ['jsonl', 'tsv', 'the source `tsv`'],
  ['jsonl', 'csv', 'the source `csv`'],
  ['jsonl', 'tagged', 'the source `tagged`'],
  ['scan', 'text', '`text` reads it for a language model'],
  ['conllu', 'tagged', 'the source `tagged`'],
  ['tsv', 'csv', 'the source `csv`'],
  ['tsv', 'tagged', 'the source `tagged`'],
  ['csv', 'tsv', 'the source `tsv`'],
  ['tagged', 'tsv', 'sentences of `tagged`'],
] as const)('%s on a file for %s', async (name, other, hint) => {
  const error = await failure(name, sources[other]?.write(few) ?? '')
  expect(error.hint).toContain(hint)
})

test('a folder, and a file for a source of folders', async () => {
  const folderSource = (path: string) =>
    loadDataset({ source: { type: 'folder-of-classes', path } }, { source: 'tokens', target: 'label' }, made).catch(
      (error: SeqlabError) => error,
    )
  await writeFile(join(made.baseDir, 'x'), 'a\n')
  expect(await folderSource('x')).toMatchObject({ message: expect.stringContaining('a file, not a folder') })
  expect(await folderSource('sub')).toMatchObject({ hint: expect.stringContaining('each: file') })
  const source = { type: 'text', file: 'sub', unit: 'line' } as const
  const error = await loadDataset({ source }, none, made).catch((caught: SeqlabError) => caught)
  expect(error).toMatchObject({ hint: expect.stringContaining('`folder-of-classes` reads folders') })
})

test.each([
  [',', 'this looks like CSV: the source `csv` reads it'],
  [';', 'this looks like CSV: the source `csv` reads it with separator: ";"'],
  ['|', 'this looks like CSV: the source `csv` reads it with separator: "|"'],
])('columns separated by %s are no commands: which source reads them', async (separator, hint) => {
  const rows = ['a b', 'c d', 'e f', 'g h'].map((words) => `${words}${separator}x`)
  const error = await load('scan', rows.join('\n')).catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ code: 'data', hint })
})

describe('a file of another kind that is read without an error', () => {
  const many = (line: (at: number) => string) => Array.from({ length: 12 }, (_, at) => line(at)).join('\n')
  const none = { source: 'tokens', target: 'none' } as const
  const kindsOf = async (content: string | Uint8Array, source: object, sides: Sides) => {
    const { baseDir, remove } = await folder({ a: content })
    try {
      const data = { source, split: { dev: 1, test: 1 } } as DataOptions
      return (await loadDataset(data, sides, { baseDir })).counts.otherKind?.a
    } finally {
      await remove()
    }
  }
  const text = { type: 'text', file: 'a', unit: 'line' }

  test.each([
    ['JSON lines', many((at) => `{"text": "a ${at}"}`), 'the source `jsonl` reads it'],
    ['tabs', many((at) => `a ${at}\tb`), 'the source `tsv` reads it'],
    ['CSV', many((at) => `word ${at},label`), 'the source `csv` reads it'],
    ['a web page', '<!DOCTYPE html>\n<p>a</p>\n<p>b</p>\n<p>c</p>\n', 'a web page'],
    ['plain text', many((at) => 'so it was, '.repeat(1 + (at % 3))), undefined],
    ['a few lines', 'one, two\nthree, four\nfive, six\n', undefined],
  ])('running text: %s', async (_, content, hint) => {
    const found = await kindsOf(content, text, none)
    if (hint === undefined) expect(found).toBeUndefined()
    else expect(found).toContain(hint)
    expect(await kindsOf(gzipSync(content), text, none)).toBe(found)
  })

  test('two files line by line, and CSV', async () => {
    const json = many((at) => `{"a": "x ${at}", "b": 1}`)
    expect(await kindsOf(json, { type: 'parallel', files: { source: 'a', target: 'a' } }, pairs)).toContain('`jsonl`')
    const csv = { type: 'csv', file: 'a', sourceColumn: 1, targetColumn: 2, header: false, separator: ':' }
    expect(
      await kindsOf(
        many((at) => `{"x${at}": 1}`),
        csv,
        pairs,
      ),
    ).toContain('`jsonl`')
    expect(
      await kindsOf(
        many((at) => `a,b${at};x`),
        { ...csv, separator: ';' },
        pairs,
      ),
    ).toBeUndefined()
  })
})
