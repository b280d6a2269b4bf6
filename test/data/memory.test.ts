// What does not fit into memory is refused before it is read: the files here are holes.
import { mkdir, rename, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, onTestFinished, test } from 'vitest'
import { loadDataset } from '../../src/data/load.js'
import type { DataOptions } from '../../src/data/options.js'
import { filesOfClasses } from '../../src/data/reading/class-folders.js'
import { refuseTooMuch } from '../../src/data/reading/memory.js'
import { readFiles } from '../../src/data/sources/given-sets.js'
import { folder, pairs } from '../support/data.js'

const mebibyte = 1024 ** 2

async function holes(sizes: Readonly<Record<string, number>>) {
  const { baseDir, remove } = await folder(Object.fromEntries(Object.keys(sizes).map((name) => [name, ''])))
  onTestFinished(remove)
  for (const [name, size] of Object.entries(sizes)) await truncate(join(baseDir, name), size * mebibyte)
  return baseDir
}

const sourceOf = (source: object) => ({ source, split: { dev: 1, test: 1 } }) as DataOptions

test.each([
  ['tsv', { type: 'tsv', file: 'a' }, pairs],
  ['csv', { type: 'csv', file: 'a' }, pairs],
  ['jsonl', { type: 'jsonl', file: 'a', sourceColumn: 'a', targetColumn: 'b' }, pairs],
  ['parallel', { type: 'parallel', files: { source: 'a', target: 'a' } }, pairs],
  ['conllu', { type: 'conllu', file: 'a', source: 'FORM', target: 'UPOS' }, { source: 'tokens', target: 'labels' }],
  ['tagged', { type: 'tagged', format: 'columns', file: 'a' }, { source: 'tokens', target: 'labels' }],
  ['text', { type: 'text', file: 'a', unit: 'line' }, { source: 'tokens', target: 'none' }],
] as const)('%s: a file of 4 GiB is refused at once', async (_, source, sides) => {
  const baseDir = await holes({ a: 4096 })
  await expect(loadDataset(sourceOf(source), sides, { baseDir })).rejects.toMatchObject({
    code: 'data',
    message: expect.stringMatching(/too large.*; expected at most \d+ MiB.*, received (4096|8192) MiB$/),
    hint: expect.stringContaining('head -n 1000000 a > part.txt'),
  })
})

test('files that are too much together, with how to get on', async () => {
  const baseDir = await holes({ a: 40, b: 61, c: 0 })
  const limit = 15 * 100 * mebibyte
  await refuseTooMuch(['a', 'c', 'not there'], baseDir, { heapBytes: limit })
  await expect(refuseTooMuch(['a', 'b'], baseDir, { heapBytes: limit })).rejects.toMatchObject({
    message:
      'data.source: the data are too large for the memory of Node.js; expected at most 100 MiB of text in all, received 101 MiB',
    hint: 'NODE_OPTIONS=--max-old-space-size=2000 gives Node.js 2000 MB, or take a part: head -n 1000000 a > part.txt (data.limit draws from what has been read: it shortens training alone)',
  })
})

test('a gzipped file counts as its text', async () => {
  const { baseDir, remove } = await folder({
    'a.gz': gzipSync(Buffer.alloc(3 * mebibyte)),
    'b.gz': 'no gzip, and longer than one',
    c: gzipSync(Buffer.alloc(3 * mebibyte)),
  })
  onTestFinished(remove)
  await refuseTooMuch(['a.gz', 'b.gz'], baseDir, { heapBytes: 46 * mebibyte })
  for (const file of ['a.gz', 'c']) {
    await expect(refuseTooMuch([file], baseDir, { heapBytes: 44 * mebibyte })).rejects.toThrow('received 3 MiB')
  }
})

test('what a gzipped file that is cut off says of its size is not believed', async () => {
  const whole = gzipSync('a\tb\n'.repeat(50))
  // The last four bytes of such a file are no size: here 4 GiB.
  const cut = Buffer.concat([whole.subarray(0, 20), Buffer.alloc(4, 0xff)])
  const { baseDir, remove } = await folder({ 'a.gz': cut })
  onTestFinished(remove)
  // 24 bytes are 24,768 bytes of text at most.
  await refuseTooMuch(['a.gz'], baseDir, { heapBytes: 15 * 1032 * 24 })
  await expect(refuseTooMuch(['a.gz'], baseDir, { heapBytes: 15 * 1032 * 24 - 1 })).rejects.toThrow('received 1 MiB')
  const short = await folder({ 'a.gz': whole.subarray(0, 22) })
  onTestFinished(short.remove)
  await expect(loadDataset(sourceOf({ type: 'tsv', file: 'a.gz' }), pairs, short)).rejects.toThrow(
    'a.gz: the gzipped file is cut off: it ends before its text does',
  )
})

test('folders with a file an example, and archives, are summed too', async () => {
  const baseDir = await holes({ a: 40, b: 61, 'c.tar': 70 })
  for (const [name, file] of [
    ['neg', 'a'],
    ['pos', 'b'],
  ] as const) {
    await mkdir(join(baseDir, 'all', name), { recursive: true })
    await rename(join(baseDir, file), join(baseDir, 'all', name, file))
  }
  const deep = await filesOfClasses('all', baseDir, true)
  expect(deep).toEqual([join('all', 'neg', 'a'), join('all', 'pos', 'b')])
  const heap = { heapBytes: 100 * 15 * mebibyte }
  await expect(refuseTooMuch(deep, baseDir, heap)).rejects.toThrow('at most 100 MiB of text in all, received 101 MiB')
  await expect(refuseTooMuch(['c.tar'], baseDir, heap)).resolves.toBeUndefined()
  const sets = { type: 'folder-of-classes', each: 'file', train: 'all', test: 'c.tar' }
  await truncate(join(baseDir, 'c.tar'), 4096 * mebibyte)
  await expect(
    loadDataset({ source: sets, split: { dev: 1 } } as DataOptions, { source: 'tokens', target: 'label' }, { baseDir }),
  ).rejects.toThrow(/too large.*received 4197 MiB/)
})

test('files that are too much for the memory are refused before one of them is read', async () => {
  const { baseDir, remove } = await folder({ a: 'x'.repeat(100) })
  onTestFinished(remove)
  const read = () => expect.fail('read')
  await expect(readFiles('tsv', { train: 'a' }, undefined, baseDir, read, { heapBytes: 1499 })).rejects.toThrow(
    'the data are too large for the memory of Node.js',
  )
  const one = async () => [{ source: 'a', target: 'b', where: 'a:1' }]
  expect(await readFiles('tsv', { train: 'a' }, undefined, baseDir, one, { heapBytes: 1500 })).toMatchObject({
    train: [{ source: 'a', target: 'b', where: 'a:1' }],
  })
})
