import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { TObject } from 'typebox'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SeqlabError } from '../../src/core/errors.js'
import { dataError } from '../../src/data/data-error.js'
import { loadDataset } from '../../src/data/load.js'
import type { DataOptions } from '../../src/data/options.js'
import { csv } from '../../src/data/sources/csv.js'
import { folderOfClasses } from '../../src/data/sources/folder-of-classes.js'
import { readSets } from '../../src/data/sources/given-sets.js'
import { inline } from '../../src/data/sources/inline.js'
import { parallel } from '../../src/data/sources/parallel.js'
import { scan } from '../../src/data/sources/scan.js'
import { tagged } from '../../src/data/sources/tagged.js'
import { text } from '../../src/data/sources/text.js'
import { tsv } from '../../src/data/sources/tsv.js'
import type { DataSourcePart, ExampleSource } from '../../src/data/sources/types.js'
import { folder, pairs } from '../support/data.js'

// What each source makes of its files, and what it says of broken ones: places, what is expected and what was found.

let made: Awaited<ReturnType<typeof folder>>
beforeAll(async () => {
  made = await folder({})
})
afterAll(() => made.remove())

type SourcePart = DataSourcePart<TObject, ExampleSource>

async function write(files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(made.baseDir, name)), { recursive: true })
    await writeFile(join(made.baseDir, name), content)
  }
}

async function read(source: SourcePart, options: object) {
  return source.build({ ...options }).read(made)
}

const failure = (source: SourcePart, options: object) => read(source, options).catch((error: unknown) => error)
const long = 'x'.repeat(70)

describe('tsv', () => {
  const columns = { sourceColumn: 1, targetColumn: 2, header: false }

  test('columns in any order, a header left out, blank lines as empty examples', async () => {
    await write({ x: 'id\tto\tfrom\n1\tX\ta\n\n2\tY\tb\n' })
    expect(await read(tsv, { file: 'x', sourceColumn: 3, targetColumn: 2, header: true })).toEqual({
      train: [
        { source: 'a', target: 'X', where: 'x:2' },
        { source: '', target: '', where: 'x:3' },
        { source: 'b', target: 'Y', where: 'x:4' },
      ],
    })
  })

  test('the columns are those of the first line that is not blank', async () => {
    await write({ x: '\na\tX\nb\tY\tZ\n' })
    expect(await failure(tsv, { file: 'x', ...columns })).toMatchObject({
      message:
        'x:3: the line has a wrong number of columns; expected 2, as in the first line, received 3 in "b\\tY\\tZ"',
      problems: [{ place: { file: 'x', line: 3 } }],
    })
  })

  test('a tab within quotes is refused, not read as two columns; quotes of two texts are read', async () => {
    await write({ x: '"a\tb"\tX\n"c\td"\tY\n', once: 'a\tX\n"c\td"\tY\n', texts: '"I came,\tje suis venu"\n' })
    const hint =
      'every tab of `tsv` ends a column, and quotes are part of its text: the source `csv` with `separator: "\\t"` reads quoted cells; or replace tabs within cells, by spaces say'
    expect(await failure(tsv, { file: 'x', ...columns })).toMatchObject({
      message: 'x:1: the line has a tab within quotes, received "\\"a\\tb\\"\\tX"',
      hint,
    })
    expect(await failure(tsv, { file: 'once', ...columns })).toMatchObject({
      message: 'once:2: the line has a tab within quotes, received "\\"c\\td\\"\\tY"',
      hint,
    })
    // They are what the file says, and maybe not what was meant.
    expect(await read(tsv, { file: 'texts', ...columns })).toEqual({
      train: [{ source: '"I came,', target: 'je suis venu"', where: 'texts:1', doubt: 'tab between quotes' }],
    })
    expect(await read(csv, { file: 'x', ...columns, separator: '\t' })).toMatchObject({
      train: [
        { source: 'a\tb', target: 'X' },
        { source: 'c\td', target: 'Y' },
      ],
    })
  })

  test.each([
    ['{"a": 1}', 'this looks like JSON lines: the source `jsonl` reads it'],
    [' [1, 2]', 'is this JSON? the columns of `tsv` are separated by tabs'],
    ['"a quoted', 'a line end within quotes? An example of `tsv` is one line, and quotes are part of its text'],
    [
      'a,X',
      'are these columns separated otherwise? the columns of `tsv` are separated by tabs; the source `csv` reads others',
    ],
    ['"a" "b', 'a line end within quotes? An example of `tsv` is one line, and quotes are part of its text'],
    [
      'a;"X"',
      'are these columns separated otherwise? the columns of `tsv` are separated by tabs; the source `csv` reads others',
    ],
    ['a X', undefined],
    ['a "quoted" X', undefined],
    ['a "quoted" "X"', undefined],
  ])('a line without columns: %s', async (line, hint) => {
    await write({ x: `${line}\n` })
    expect(await failure(tsv, { file: 'x', ...columns })).toMatchObject({
      message: `x:1: the line has a wrong number of columns; expected at least 2, received 1 in ${JSON.stringify(line)}`,
      hint,
    })
  })

  test('a line that has the columns that are read needs those of the first line, too', async () => {
    await write({ x: 'a\tX\tmore\nb\tY\n' })
    expect(await failure(tsv, { file: 'x', ...columns })).toMatchObject({
      message: 'x:2: the line has a wrong number of columns; expected 3, as in the first line, received 2 in "b\\tY"',
    })
  })

  test('with a tab in it, a comma is text; of a long line its beginning is shown', async () => {
    await write({ x: `a\tb\n${long},\tb\tc\n` })
    expect(await failure(tsv, { file: 'x', ...columns })).toMatchObject({
      message: `x:2: the line has a wrong number of columns; expected 2, as in the first line, received 3 in "${long.slice(0, 60)}"`,
      hint: undefined,
    })
  })
})

describe('scan', () => {
  test('blank lines are empty examples; of a long line its beginning is shown', async () => {
    await write({ x: 'IN: a OUT: B\n \nIN: c OUT: D\n', y: `IN: ${long}\n` })
    expect((await read(scan, { file: 'x' })).train).toEqual([
      { source: 'a', target: 'B', where: 'x:1' },
      { source: '', target: '', where: 'x:2' },
      { source: 'c', target: 'D', where: 'x:3' },
    ])
    expect(await failure(scan, { file: 'y' })).toMatchObject({
      message: `y:1: the line is not a SCAN example; expected \`IN: command OUT: actions\`, received "IN: ${long.slice(0, 56)}"`,
      problems: [{ place: { file: 'y', line: 1 } }],
    })
  })
})

describe('atis', () => {
  const options = { file: 'x', format: 'atis', target: 'tags' }

  test('blank lines are empty examples, and more spaces are one', async () => {
    await write({ x: ' \nBOS  a EOS\tO  B f\n' })
    expect((await read(tagged, options)).train).toEqual([
      { source: '', target: '', where: 'x:1' },
      { source: ['a'], target: ['B'], where: 'x:2' },
    ])
  })

  test.each([
    ['BOS a EOS\tO B f\tmore', 'the line is not an ATIS sentence; expected `BOS words EOS`, a tab, tags and intent'],
    ['a EOS\tO f', 'the line is not an ATIS sentence'],
    ['BOS a\tO f', 'the line is not an ATIS sentence'],
    [
      `BOS ${long}\tO`,
      `the line is not an ATIS sentence; expected \`BOS words EOS\`, a tab, tags and intent, received "BOS ${long.slice(0, 56)}"`,
    ],
    ['BOS a EOS', 'tags and words differ in number; expected 3 (one for each of BOS, words and EOS), received 0'],
    [
      'BOS a EOS\tO B f g',
      'tags and words differ in number; expected 3 (one for each of BOS, words and EOS), received 4',
    ],
  ])('%s', async (line, message) => {
    await write({ x: `BOS a EOS\tO B f\n${line}\n` })
    const error = await failure(tagged, options)
    expect(error).toMatchObject({ problems: [{ place: { file: 'x', line: 2 } }] })
    expect(String(error)).toContain(`x:2: ${message}`)
  })
})

describe('text', () => {
  test('inline text, by lines and by paragraphs', async () => {
    expect(await read(text, { text: 'a\nb\n\nc', unit: 'line' })).toEqual({
      train: ['a', 'b', '', 'c'].map((source, at) => ({ source, target: '', where: `text:${at + 1}` })),
    })
    expect(await read(text, { text: '\na\nb\n\n\nc', unit: 'paragraph' })).toEqual({
      train: [
        { source: 'a\nb', target: '', where: 'text:2' },
        { source: 'c', target: '', where: 'text:6' },
      ],
    })
  })

  test('files of given sets', async () => {
    await write({ train: 'a\n', dev: 'b\n' })
    const example = (source: string, file: string) => [{ source, target: '', where: `${file}:1` }]
    const given = await read(text, { train: 'train', dev: 'dev', unit: 'line' })
    expect(given).toEqual({ train: example('a', 'train'), dev: example('b', 'dev') })
  })

  test('one text, one file or given sets', () => {
    const problems = (options: object) => text.build({ unit: 'line', ...options }).problems?.(pairs)
    expect(problems({ text: 'a' })).toEqual([])
    expect(problems({ file: 'a' })).toEqual([])
    expect(problems({ train: 'a' })).toEqual([])
    expect(problems({ text: 'a', file: 'b' })).toEqual([
      { path: 'file', message: '`file` and `text` exclude each other', hint: 'remove one of them' },
    ])
    const hint = (name: string) => `\`${name}\` is split by seed; to give the sets yourself, use train, dev and test`
    expect(problems({ text: 'a', dev: 'b' })).toEqual([
      { path: 'dev', message: '`dev` and `text` exclude each other', hint: hint('text') },
    ])
    expect(problems({ file: 'a', train: 'b', test: 'c' })).toEqual([
      { path: 'train', message: '`train` and `file` exclude each other', hint: hint('file') },
      { path: 'test', message: '`test` and `file` exclude each other', hint: hint('file') },
    ])
    expect(problems({})).toEqual([
      { path: '', message: 'no data is given', expected: '`file`, or `train` (with `dev`, `test`)' },
    ])
  })
})

describe('given sets', () => {
  test('what the source has is what is given; the others are split off', () => {
    const brings = (options: object) => inline.build(options).brings
    expect(brings({ examples: [['a', 'b']] })).toEqual({ dev: false, test: false })
    expect(brings({ train: [['a', 'b']], dev: [['a', 'b']] })).toEqual({ dev: true, test: false })
    expect(brings({ train: [['a', 'b']], test: [['a', 'b']] })).toEqual({ dev: false, test: true })
  })

  test('inline examples are named by set and number', async () => {
    const example = (set: string) => [{ source: 'a', target: 'X', where: `inline ${set} example 1` }]
    const sets = { train: [['a', 'X']], dev: [['a', 'X']], test: [['a', 'X']] }
    expect(await read(inline, sets)).toEqual({ train: example('train'), dev: example('dev'), test: example('test') })
    expect(await read(inline, { examples: [['a', 'X']] })).toEqual({ train: example('train') })
  })

  test('one error names what is wrong with all sets, a file of two sets once', async () => {
    await write({ good: 'a\tX\n', bad: 'a\n' })
    const columns = { sourceColumn: 1, targetColumn: 2, header: false }
    const one = await failure(tsv, { ...columns, train: 'good', dev: 'bad', test: 'good' })
    expect(one).toMatchObject({ code: 'data', problems: [{ place: { file: 'bad', line: 1 } }] })
    const two = await failure(tsv, { ...columns, train: 'nowhere', dev: 'bad', test: 'bad' })
    const hint = `looked at ${resolve(made.baseDir, 'nowhere')}; relative paths are resolved against the spec's folder, or --data-dir`
    expect(two).toMatchObject({
      ...{ code: 'data', message: 'nowhere: there is no such file', hint },
      problems: [{ message: 'nowhere: there is no such file' }, { place: { file: 'bad', line: 1 } }],
      cause: { message: 'nowhere: there is no such file' },
    })
    expect(two).toHaveProperty('problems.length', 2)
  })

  test('the same mistake in two files is two problems, each with its file', async () => {
    await write({ 'void/pos/1.txt': '', 'void/neg/1.txt': '\n', blank: '\n', labels: 'a b\tO\n' })
    const columns = { sourceColumn: 1, targetColumn: 2 }
    const files = { train: 'blank', dev: 'labels', test: 'blank' }
    expect(await failure(csv, { ...columns, ...files, separator: ',', header: false })).toMatchObject({
      problems: [{ message: 'blank: the file is empty' }, { place: { file: 'labels' } }],
    })
    const folders = { train: 'void', dev: 'void/pos', each: 'file' }
    expect(await failure(folderOfClasses, folders)).toMatchObject({
      problems: [
        { message: 'void/neg/1.txt: the file is empty' },
        { message: 'void/pos: there is no folder of a class with files in it' },
      ],
    })
    const data = { source: { type: 'tsv', file: 'labels', ...columns, header: false } } as DataOptions
    await expect(loadDataset(data, { source: 'tokens', target: 'labels' }, made)).rejects.toMatchObject({
      problems: [{ message: 'labels:1: each source token needs one label' }],
    })
  })
})

test('errors of one set are thrown as they are, and those that are not of the data at once', async () => {
  const own = dataError('f', 'bad')
  const throwing = (train: unknown, dev: unknown) =>
    readSets({ train, dev }, undefined, (error) => (error === undefined ? Promise.resolve([]) : Promise.reject(error)))
  await expect(throwing(own, undefined)).rejects.toBe(own)
  const bug = new TypeError('bug')
  await expect(throwing(own, bug)).rejects.toBe(bug)
  const stopped = new SeqlabError('run', 'stopped')
  await expect(throwing(own, stopped)).rejects.toBe(stopped)
  await expect(read(tsv, {})).rejects.toThrow(new RangeError('No training set is named'))
})

describe('parallel files', () => {
  test('line by line, named by the source file', async () => {
    await write({ s: 'a\nb\n', t: 'X\nY\n', longer: 'X\nY\nZ\n' })
    expect(await read(parallel, { files: { source: 's', target: 't' } })).toEqual({
      train: [
        { source: 'a', target: 'X', where: 's:1' },
        { source: 'b', target: 'Y', where: 's:2' },
      ],
    })
    expect(await failure(parallel, { files: { source: 's', target: 'longer' } })).toMatchObject({
      message: 's:2: the file ends too early; expected 3 lines, as in longer, received 2',
    })
  })
})

describe('a folder of classes', () => {
  const tar = (name: string, ...options: string[]) =>
    execFileSync('tar', ['-cf', name, ...options], { cwd: made.baseDir })

  test('labels are names without their extensions; hidden files are left out', async () => {
    await write({ 'k/B.txt.gz': gzipSync('x\ny\n'), 'k/A.b.txt': ' z \n', 'k/.git': 'no\n' })
    const inFolder = (await read(folderOfClasses, { path: 'k' })).train
    expect(inFolder).toEqual([
      { source: 'z', target: 'A.b', where: 'k/A.b.txt:1' },
      { source: 'x', target: 'B', where: 'k/B.txt.gz:1' },
      { source: 'y', target: 'B', where: 'k/B.txt.gz:2' },
    ])
  })

  test('archives: names without ./, hidden files left out, sorted, .tgz as well', async () => {
    await write({ 'm/B.txt': 'x\n', 'm/A.txt': 'z\n', 'm/.hidden': 'no\n' })
    await write({ 'm/C.txt': 'w\n' })
    tar('m.tar', './m/B.txt', './m/A.txt', './m/.hidden', './m/C.txt')
    await write({ 'm.tgz': gzipSync(readFileSync(join(made.baseDir, 'm.tar'))) })
    for (const path of ['m.tar', 'm.tgz']) {
      expect((await read(folderOfClasses, { path })).train).toEqual([
        { source: 'z', target: 'A', where: `${path}/m/A.txt:1` },
        { source: 'x', target: 'B', where: `${path}/m/B.txt:1` },
        { source: 'w', target: 'C', where: `${path}/m/C.txt:1` },
      ])
    }
  })

  test('what is no folder, and one without files', async () => {
    expect(await failure(folderOfClasses, { path: 'nowhere' })).toMatchObject({
      message: 'nowhere: this is not a folder that can be read',
      hint: `looked at ${resolve(made.baseDir, 'nowhere')}`,
    })
    await write({ 'empty/.hidden': 'x\n' })
    await mkdir(join(made.baseDir, 'empty/.folder'))
    expect(await failure(folderOfClasses, { path: 'empty' })).toMatchObject({
      message: 'empty: there is no file in it',
    })
  })

  test('another layout is described by what was found', async () => {
    const hint = 'for a folder per class with a file per example set each: file'
    const expected = 'expected one file per class with one example per line, as in names/Arabic.txt'
    await write({ 'one/cats/1.txt': 'a\n', 'one/cats/2.txt': 'b\n', 'one/cats/3.txt': 'c\n', 'one/cats/4.txt': 'd\n' })
    await mkdir(join(made.baseDir, 'one/cats/more'))
    expect(await failure(folderOfClasses, { path: 'one' })).toMatchObject({
      message: `one: there are folders in it; ${expected}, received 1 folder (cats), with 4 files in cats (1.txt, 2.txt, 3.txt, ...)`,
      hint,
    })
    await write({ 'four/d/1': 'a\n', 'four/c/1': 'a\n', 'four/b/1': 'a\n', 'four/a/1': 'a\n', 'four/x.txt': 'a\n' })
    expect(await failure(folderOfClasses, { path: 'four' })).toMatchObject({
      message: `four: there are folders in it next to files; ${expected}, received 4 folders (a, b, c, ...), with 1 file in a (1)`,
    })
    await write({ 'three/a/1': 'a\n', 'three/a/2': 'b\n', 'three/a/3': 'c\n' })
    expect(await failure(folderOfClasses, { path: 'three' })).toMatchObject({
      message: `three: there are folders in it; ${expected}, received 1 folder (a), with 3 files in a (1, 2, 3)`,
    })
    await write({ 'nested/a/1': 'a\n', 'nested/a/2': 'b\n', 'nested/b/3': 'c\n' })
    tar('nested.tar', 'nested/b', 'nested/a')
    expect(await failure(folderOfClasses, { path: 'nested.tar' })).toMatchObject({
      message: `nested.tar: there are folders in it; ${expected}, received 2 folders (nested/a, nested/b), with 2 files in nested/a (1, 2)`,
    })
    tar('four.tar', 'four/a', 'four/b')
    expect(await failure(folderOfClasses, { path: 'four.tar' })).toMatchObject({
      message: `four.tar: there are folders in it; ${expected}, received 2 folders (four/a, four/b), with 1 file in four/a (1)`,
    })
  })

  test('each: file: a whole file is an example, its folder the class; files elsewhere are left out and counted', async () => {
    await write({
      'r/pos/2.txt': ' good\r\nfine\n',
      'r/neg/1.txt.gz': gzipSync('bad\n'),
      'r/pos/.x': 'no\n',
      'r/urls.txt': 'no\n',
    })
    await write({ 'r/pos/10.txt': 'nice\n' })
    const leftOut = 'file outside the folders of classes'
    const examples = (at: string) => [
      { source: 'bad', target: 'neg', where: `${at}neg/1.txt.gz` },
      { source: 'nice', target: 'pos', where: `${at}pos/10.txt` },
      { source: 'good\nfine', target: 'pos', where: `${at}pos/2.txt` },
      { source: '', target: '', where: `${at}urls.txt`, leftOut },
    ]
    expect((await read(folderOfClasses, { path: 'r', each: 'file' })).train).toEqual(examples('r/'))
    await write({ 'r/neg/1.txt': 'bad\n' })
    tar('r.tar', 'r/urls.txt', 'r/pos', 'r/neg/1.txt')
    const archived = [...(await read(folderOfClasses, { path: 'r.tar', each: 'file' })).train]
    expect(archived.map(({ target, leftOut: why }) => why ?? target)).toEqual(['neg', 'pos', 'pos', leftOut])
    expect(await failure(folderOfClasses, { path: 'k', each: 'file' })).toMatchObject({
      message: expect.stringContaining(
        'k: there is no folder of a class with files in it; expected a folder per class',
      ),
      hint: 'for a file per class with an example per line leave `each` out',
    })
    await write({ 'empty/.hidden': '' })
    expect(await failure(folderOfClasses, { path: 'empty', each: 'file' })).toMatchObject({
      message: expect.stringMatching(/received nothing$/),
    })
    await write({ 'no-text/a/1': Buffer.from([0xff, 0xfe, 0x41]) })
    expect(await failure(folderOfClasses, { path: 'no-text', each: 'file' })).toMatchObject({
      message: 'no-text/a/1: this is no text: it is text in UTF-16',
    })
  })

  test('a folder too high: which folders to name, and whether an example is a file', async () => {
    const at = (name: string) => ({ [`high/${name}/pos/1.txt`]: 'good\n', [`high/${name}/neg/1.txt`]: 'bad\n' })
    await write({ ...at('train'), ...at('test'), ...at('valid') })
    const named = 'test: high/test, train: high/train, dev: high/valid'
    const line = await failure(folderOfClasses, { path: 'high' })
    expect(line).toMatchObject({
      message: expect.stringContaining('with no files in test but 2 folders (neg, pos)'),
      hint: `these are sets, not classes: name each, ${named}, with each: file`,
    })
    const file = await failure(folderOfClasses, { path: 'high', each: 'file' })
    expect(file).toMatchObject({
      message:
        'high: the folders in it have folders in them, not files; expected a folder per class with a file per example, as in train/pos/0_9.txt, received 3 folders (test, train, valid), with 2 folders (neg, pos) in test',
      hint: `these are sets, not classes: name each, ${named}`,
    })
    const sets = await read(folderOfClasses, { train: 'high/train', dev: 'high/valid', each: 'file' })
    expect([...sets.train].map(({ source }) => source)).toEqual(['bad', 'good'])
    await write({ 'above/reviews/pos/1.txt': 'good\n', 'above/reviews/neg/1.txt': 'bad\n', 'above/README': 'read\n' })
    const hint = 'is it a folder deeper? Name that one, such as above/reviews'
    expect(await failure(folderOfClasses, { path: 'above', each: 'file' })).toMatchObject({ hint })
    expect(await failure(folderOfClasses, { path: 'above' })).toMatchObject({ hint: `${hint}, with each: file` })
  })

  test('sets that are folders of a file a class', async () => {
    await write({ 'both/train/A.txt': 'a\n', 'both/test/A.txt': 'b\n' })
    expect(await failure(folderOfClasses, { path: 'both' })).toMatchObject({
      hint: 'these are sets, not classes: name each, test: both/test, train: both/train',
    })
  })

  test('a folder in the folder of a class', async () => {
    await write({ 'sub/pos/1.txt': 'good\n', 'sub/pos/more/2.txt': 'fine\n', 'sub/neg/1.txt': 'bad\n' })
    expect(await failure(folderOfClasses, { path: 'sub', each: 'file' })).toMatchObject({
      message:
        'sub/pos: there are folders in the folder of a class; expected files alone, each an example, received 1 folder (more) next to 1 file',
    })
    await write({ 'sub/pos/3.txt': 'nice\n' })
    expect(await failure(folderOfClasses, { path: 'sub', each: 'file' })).toMatchObject({
      message: expect.stringMatching(/received 1 folder \(more\) next to 2 files$/),
    })
  })

  test('damaged archives: the byte of the header, or that a file ends too early', async () => {
    await write({ 'd/A.txt': 'a\n', 'd/B.txt': 'b\n' })
    tar('d.tar', 'd/A.txt', 'd/B.txt')
    const bytes = readFileSync(join(made.baseDir, 'd.tar'))
    // Each file has a header of 512 bytes and one block of 512.
    const damaged = Buffer.from(bytes)
    damaged[1024 + 3] = 63
    await write({
      'damaged.tar': damaged,
      'cut.tar': bytes.subarray(0, 1024 + 512),
      'whole.tar': bytes.subarray(0, 2048),
    })
    const message = async (path: string) => String(await failure(folderOfClasses, { path }))
    expect(await message('damaged.tar')).toContain('damaged.tar: the archive is damaged at byte 1024')
    expect(await message('cut.tar')).toContain('cut.tar: the archive ends within a file')
    expect((await read(folderOfClasses, { path: 'whole.tar' })).train).toHaveLength(2)
    const first = Buffer.from(bytes)
    first[3] = 63
    await write({ 'first.tar': first })
    expect(await message('first.tar')).toContain('first.tar: this is not a tar archive')
  })

  test('two files of one class are both named', async () => {
    await write({ 'two/A.csv': 'a\n', 'two/A.txt': 'b\n' })
    expect(await failure(folderOfClasses, { path: 'two' })).toMatchObject({
      message: 'two/A.txt: the class A has another file already: two/A.csv',
    })
    // The sign of the ohm is a Greek omega.
    await write({ 'ohm/\u03a9.csv': 'a\n', 'ohm/\u2126.txt': 'b\n' })
    expect(await failure(folderOfClasses, { path: 'ohm' })).toMatchObject({
      message: 'ohm/\u2126.txt: the class \u2126 has another file already: ohm/\u03a9.csv',
    })
    await write({ 'forms/\u00e9.csv': 'a\n', 'forms/e\u0301.txt': 'b\n' })
    expect(await failure(folderOfClasses, { path: 'forms' })).toMatchObject({
      message: 'forms/\u00e9.csv: the class \u00e9 has another file already: forms/e\u0301.txt',
    })
  })
})

test('tags and intents that a task cannot have: what it needs instead', () => {
  const problems = (target: string, format: string, side: 'label' | 'labels') =>
    tagged.build({ file: 'x', format, target } as never).problems?.({ source: 'tokens', target: side })
  expect(problems('tags', 'columns', 'labels')).toEqual([])
  expect(problems('intent', 'columns', 'label')).toEqual([
    { path: 'target', message: 'only the format atis has intents', hint: 'set format: atis' },
  ])
  expect(problems('tags', 'atis', 'label')).toEqual([
    {
      ...{ path: 'target', message: 'this task has one label per sentence' },
      ...{ expected: '`intent`', received: '`tags`' },
    },
  ])
  expect(problems('intent', 'atis', 'labels')).toEqual([
    {
      ...{ path: 'target', message: 'this task has a tag for each token' },
      ...{ expected: '`tags`', received: '`intent`' },
    },
  ])
})
