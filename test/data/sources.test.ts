import { execFileSync } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { TObject } from 'typebox'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadDataset } from '../../src/data/load.js'
import type { DataOptions } from '../../src/data/options.js'
import { cmudict } from '../../src/data/sources/cmudict.js'
import { csv } from '../../src/data/sources/csv.js'
import { folderOfClasses } from '../../src/data/sources/folder-of-classes.js'
import { scan } from '../../src/data/sources/scan.js'
import { tagged } from '../../src/data/sources/tagged.js'
import { text } from '../../src/data/sources/text.js'
import { tsv } from '../../src/data/sources/tsv.js'
import type { DataSourcePart, ExampleSource } from '../../src/data/sources/types.js'
import { byCharacters, folder, rowsOf } from '../support/data.js'

let made: Awaited<ReturnType<typeof folder>>
beforeAll(async () => {
  made = await folder({
    'columns.iob': 'to TO O\nOslo NNP B-city\n\n\nfrom\tIN\tO\n',
    'atis.iob': 'BOS to oslo EOS\tO O B-city flight\n',
    'scan.txt': 'IN: jump twice OUT: I_JUMP I_JUMP\n',
    'text.txt': 'To be,\nor not\n\n  \nto be\n',
  })
  await mkdir(join(made.baseDir, 'names'))
  await writeFile(join(made.baseDir, 'names/Irish.txt'), "O'Neal\nBrady\n")
  await writeFile(join(made.baseDir, 'names/Dutch.txt'), 'Aalsburg\n\n')
  await writeFile(join(made.baseDir, 'names/.hidden'), 'x\n')
  execFileSync('tar', ['-czf', 'names.tar.gz', 'names'], { cwd: made.baseDir })
})
afterAll(() => made.remove())

type SourcePart = DataSourcePart<TObject, ExampleSource>

async function read(source: SourcePart, options: object) {
  const { train } = await source.build({ ...options }).read(made)
  return [...train]
}

test('columns: sentences between blank lines, the tag last', async () => {
  expect(await read(tagged, { file: 'columns.iob', format: 'columns', target: 'tags' })).toEqual([
    { source: ['to', 'Oslo'], target: ['O', 'B-city'], where: 'columns.iob:1' },
    { source: ['from'], target: ['O'], where: 'columns.iob:5' },
  ])
})

test('atis: without BOS and EOS; tags or intent', async () => {
  const where = 'atis.iob:1'
  const options = { file: 'atis.iob', format: 'atis' } as const
  expect(await read(tagged, { ...options, target: 'tags' })).toEqual([
    { source: ['to', 'oslo'], target: ['O', 'B-city'], where },
  ])
  expect(await read(tagged, { ...options, target: 'intent' })).toEqual([
    { source: ['to', 'oslo'], target: 'flight', where },
  ])
})

test('cmudict: readings apart, without comments and stress marks', async () => {
  const train = [...(await cmudict.build({}).read(made)).train]
  const of = (word: string) => train.filter(({ source }) => source === word)
  expect(of('read')).toEqual([
    { source: 'read', target: ['R', 'EH', 'D'], where: 'cmudict "read"' },
    { source: 'read', target: ['R', 'IY', 'D'], where: 'cmudict "read(2)"' },
  ])
  const aalborg = ['AO', 'L', 'B', 'AO', 'R', 'G']
  expect(of('aalborg')[0]).toEqual({ source: 'aalborg', target: aalborg, where: 'cmudict "aalborg"' })
  const phonemes = new Set(train.flatMap(({ target }) => target))
  expect(phonemes.size).toBe(39)
  expect([...phonemes].filter((phoneme) => !/^[A-Z]{1,2}$/.test(phoneme))).toEqual([])
  expect(train.filter(({ source, target }) => /[()]/.test(String(source)) || target.length === 0)).toEqual([])
})

test('scan', async () => {
  expect(await read(scan, { file: 'scan.txt' })).toEqual([
    { source: 'jump twice', target: 'I_JUMP I_JUMP', where: 'scan.txt:1' },
  ])
})

test('text: lines, or paragraphs with their line ends', async () => {
  const sources = async (unit: 'line' | 'paragraph') =>
    (await read(text, { file: 'text.txt', unit })).map(({ source, where }) => [where, source])
  expect(await sources('paragraph')).toEqual([
    ['text.txt:1', 'To be,\nor not'],
    ['text.txt:5', 'to be'],
  ])
  expect(await sources('line')).toHaveLength(5)
})

test('a folder of classes and a tar archive of it have the same examples', async () => {
  const inFolder = await read(folderOfClasses, { path: 'names' })
  expect(inFolder.map(({ source, target }) => [source, target])).toEqual([
    ['Aalsburg', 'Dutch'],
    ['', 'Dutch'],
    ["O'Neal", 'Irish'],
    ['Brady', 'Irish'],
  ])
  const inArchive = await read(folderOfClasses, { path: 'names.tar.gz' })
  expect(inArchive.map(({ where: _, ...pair }) => pair)).toEqual(inFolder.map(({ where: _, ...pair }) => pair))
  expect(inArchive[0]?.where).toBe('names.tar.gz/names/Dutch.txt:1')
})

test('blank lines of a CSV file are counted, wherever they are, and those within quotes are text', async () => {
  const file = 'blank.csv'
  await writeFile(join(made.baseDir, file), '\nsource,target\n\na,b\n\n\nc,"d\n\ne"\nf,g\n\n')
  const blank = { source: '', target: '' }
  expect(await read(csv, { file, sourceColumn: 1, targetColumn: 2, separator: ',' })).toEqual([
    { ...blank, where: 'blank.csv:1' },
    { ...blank, where: 'blank.csv:3' },
    { source: 'a', target: 'b', where: 'blank.csv:4' },
    { ...blank, where: 'blank.csv:5' },
    { ...blank, where: 'blank.csv:6' },
    { source: 'c', target: 'd\n\ne', where: 'blank.csv:7' },
    { source: 'f', target: 'g', where: 'blank.csv:10' },
    { ...blank, where: 'blank.csv:11' },
  ])
})

test('a language model has one column: its text is its target', async () => {
  const source: DataOptions['source'] = { type: 'text', text: 'ab\n\nba\nab\ncb', unit: 'line' }
  const options: DataOptions = { source, sourceTokens: byCharacters, split: { seed: 2, dev: 1, test: 1 } }
  const data = await loadDataset(options, { source: 'tokens', target: 'none' }, made)
  expect(data.train.target).toBe(data.train.source)
  expect(data.targetVocabulary).toBeUndefined()
  expect(data.counts.read).toBe(5)
  expect(data.counts.dropped).toEqual({ 'empty source': 1 })
  // Two of the four lines are alike and stay together.
  expect(data.train.size + data.dev.size + data.test.size).toBe(4)
  expect(rowsOf(data.train.source).length).toBe(data.train.size)
})

describe('broken files are named with their line', () => {
  const broken: [string, SourcePart, string, object, string][] = [
    ['a token without a tag', tagged, 'a O\nb\n', { format: 'columns' }, 'x:2: the line has no tag'],
    ['no BOS', tagged, 'a EOS\tO f\n', { format: 'atis' }, 'x:1: the line is not an ATIS sentence'],
    [
      'too few tags',
      tagged,
      'BOS a EOS\tO f\n',
      { format: 'atis' },
      'x:1: tags and words differ in number; expected 3',
    ],
    [
      'JSON lines for columns by tabs',
      tsv,
      '{"text": "a", "label": "b"}\n',
      { sourceColumn: 1, targetColumn: 2 },
      'x:1: the line has a wrong number of columns; expected at least 2',
    ],
    ['no OUT', scan, 'IN: a OUT: B\nIN: a\n', {}, 'x:2: the line is not a SCAN example'],
  ]
  test.each(broken)('%s', async (_, source, content, options, message) => {
    await writeFile(join(made.baseDir, 'x'), content)
    await expect(read(source, { file: 'x', target: 'tags', ...options })).rejects.toThrow(message)
  })

  test('archives that are none', async () => {
    for (const bytes of [gzipSync('no archive'), Buffer.alloc(2048, 65), Buffer.alloc(0)]) {
      await writeFile(join(made.baseDir, 'bad.tar'), bytes)
      await expect(read(folderOfClasses, { path: 'bad.tar' })).rejects.toThrow('bad.tar: this is not a tar archive')
    }
    await expect(read(folderOfClasses, { path: 'nowhere' })).rejects.toThrow('nowhere: this is not a folder')
  })

  test('a folder a class with a file an example: what is expected, and what was found', async () => {
    for (const [file, content] of [
      ['cats/1.txt', 'purr\n'],
      ['cats/2.txt', 'meow\n'],
      ['dogs/1.txt', 'woof\n'],
    ] as const) {
      await mkdir(join(made.baseDir, 'pets', file, '..'), { recursive: true })
      await writeFile(join(made.baseDir, 'pets', file), content)
    }
    execFileSync('tar', ['-cf', 'pets.tar', 'pets'], { cwd: made.baseDir })
    const message =
      'there are folders in it; expected one file per class with one example per line, as in names/Arabic.txt, received 2 folders'
    await expect(read(folderOfClasses, { path: 'pets' })).rejects.toThrow(
      `pets: ${message} (cats, dogs), with 2 files in cats (1.txt, 2.txt)`,
    )
    await expect(read(folderOfClasses, { path: 'pets.tar' })).rejects.toThrow(`pets.tar: ${message}`)
    await writeFile(join(made.baseDir, 'pets/about.txt'), 'pets\n')
    await expect(read(folderOfClasses, { path: 'pets' })).rejects.toThrow('there are folders in it next to files')
    await mkdir(join(made.baseDir, 'years', '2024', 'deeper'), { recursive: true })
    await expect(read(folderOfClasses, { path: 'years' })).rejects.toThrow(
      'received 1 folder (2024), with no files in 2024',
    )
    await writeFile(join(made.baseDir, 'years/2024/a.txt'), 'x\n')
    await expect(read(folderOfClasses, { path: 'years' })).rejects.toThrow(
      '1 folder (2024), with 1 file in 2024 (a.txt)',
    )
  })

  test('two files of one class, in two Unicode forms of its name', async () => {
    await mkdir(join(made.baseDir, 'forms'))
    await writeFile(join(made.baseDir, 'forms/\u00e9.txt'), 'x\n')
    await writeFile(join(made.baseDir, 'forms/e\u0301.txt'), 'y\n')
    await expect(read(folderOfClasses, { path: 'forms' })).rejects.toThrow('has another file already')
  })

  test('every broken set is reported in one round', async () => {
    await writeFile(join(made.baseDir, 'x'), 'a O\n')
    await writeFile(join(made.baseDir, 'y'), 'a O\nb\n')
    const sets = { train: 'x', dev: 'y', test: 'nowhere' }
    const error = await read(tagged, { ...sets, format: 'columns', target: 'tags' }).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({
      code: 'data',
      problems: [{ place: { file: 'y', line: 2 } }, { message: 'nowhere: there is no such file' }],
    })
  })

  test('two files of one class', async () => {
    await mkdir(join(made.baseDir, 'twins'))
    await writeFile(join(made.baseDir, 'twins/A.txt'), 'x\n')
    await writeFile(join(made.baseDir, 'twins/A.csv'), 'y\n')
    await expect(read(folderOfClasses, { path: 'twins' })).rejects.toThrow('the class A has another file already')
  })
})
