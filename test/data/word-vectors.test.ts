import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { loadDataset } from '../../src/data/load.js'
import type { DataOptions } from '../../src/data/options.js'
import { readWordVectors } from '../../src/data/reading/word-vectors.js'
import { shareDataset } from '../../src/data/share.js'
import { byCharacters, folder, pairs } from '../support/data.js'

const options: DataOptions = {
  source: { type: 'tsv', file: 'pairs.tsv', sourceColumn: 1, targetColumn: 2, header: false },
  sourceTokens: byCharacters,
  targetTokens: byCharacters,
  split: { seed: 1, keepTogether: 'source', dev: 1, test: 1 },
  vectors: { source: 'words.txt' },
}

async function load(words: string) {
  const made = await folder({ 'pairs.tsv': 'aab\tx\naac\tx\nab\tx\nba\tx\n', 'words.txt': words })
  return loadDataset(options, pairs, made).finally(made.remove)
}

it('reads a row a symbol, NaN where the file lacks it', async () => {
  const dataset = shareDataset(await load('a 1 2\nz 9 9\na 3 4\n'))
  const { width = 0, data, missing } = dataset.vectors?.source ?? {}
  const symbols = dataset.sourceVocabulary?.symbols ?? []
  const row = symbols.indexOf('a')
  expect([...(data ?? []).slice(row * width, (row + 1) * width)]).toEqual([1, 2])
  expect([...(data ?? [])].filter(Number.isNaN)).toHaveLength(2 * (symbols.length - 1))
  expect(missing).toBe(symbols.length - 1)
})

it('reads vectors of both sides', async () => {
  const made = await folder({ 'pairs.tsv': 'aa\tx\nab\tx\nac\tx\n', s: 'a 1 2\n', t: 'x 5\n' })
  const both = { ...options, vectors: { source: 's', target: 't' } }
  const { vectors, targetVocabulary } = await loadDataset(both, pairs, made).finally(made.remove)
  expect(Object.keys(vectors ?? {})).toEqual(['source', 'target'])
  expect([vectors?.source?.width, vectors?.target?.width]).toEqual([2, 1])
  expect(targetVocabulary?.symbols.at(-1)).toBe('x')
  expect(vectors?.target?.data.at(-1)).toBe(5)
  expect(Object.keys((await load('a 1 2\n')).vectors ?? {})).toEqual(['source'])
})

it('skips the counts that word2vec writes first, and makes the numbers part of the digest', async () => {
  const plain = await load('a 1 2\n')
  expect((await load('1 2\na 1 2\n')).digests.training).toBe(plain.digests.training)
  expect((await load('a 1 3\n')).digests.training).not.toBe(plain.digests.training)
})

it('names the line of an error', async () => {
  await expect(load('a 1 2\nb 1\n')).rejects.toThrow(
    'words.txt:2: the vector has another length; expected 2 numbers, received 1',
  )
  await expect(load('a 1 x\n')).rejects.toThrow('words.txt:1:5: not a number; expected a decimal number, received "x"')
  await expect(load('z 1 2\n')).rejects.toThrow('no vector for any symbol of the vocabulary')
})

const vocabulary = { symbols: ['<pad>', 'a', 'b', 'c d'], specials: false }

async function read(content: string | Uint8Array) {
  const made = await folder({ v: content })
  return readWordVectors('v', vocabulary, made.baseDir).finally(made.remove)
}

const none = Number.NaN
const lines = 'b 1 2\nz 0 0\nc d 3 -4.5e-1\nb 7 7\n'

it.each([
  ['GloVe', lines],
  ['word2vec, with its header and trailing spaces', `4 2\n${lines.replaceAll('\n', ' \n')}`],
  ['gzipped', gzipSync(lines)],
  ['without a last line end', lines.trimEnd()],
])('%s', async (_, content) => {
  const { width, data, missing } = await read(content)
  expect(width).toBe(2)
  expect([...data]).toEqual([none, none, none, none, 1, 2, 3, Math.fround(-0.45)])
  expect(missing).toBe(2)
})

it('the last line counts without its line end too', async () => {
  expect([...(await read('b 1 2\nc d 3 4')).data]).toEqual([none, none, none, none, 1, 2, 3, 4])
})

it('lines of spaces are none, and a vector may be one number', async () => {
  expect([...(await read('  \nb 5\n \t \nc d 6\n')).data]).toEqual([none, none, 5, 6])
})

it('a file that begins with the first byte of gzip alone is text', async () => {
  expect([...(await read('\u001f 1\nb 2\n')).data]).toEqual([none, none, 2, none])
})

it('a letter of two bytes may lie across two pieces of the file (64 KiB each)', async () => {
  const made = await folder({ v: `${'\n'.repeat(65_535)}\u00e9 1\n` })
  const { data } = await readWordVectors('v', { symbols: ['\u00e9'], specials: false }, made.baseDir)
  await made.remove()
  expect([...data]).toEqual([1])
})

it.each([
  ['', 'v: the file is empty'],
  ['\n \n', 'v: the file is empty'],
  ['b\n', 'v:1: expected a token and its vector'],
  [gzipSync(lines).subarray(0, 20), 'v: the gzipped file is cut off: it ends before its text does'],
  [
    'a 1 2\nb 3 1e39\n',
    'v:2:5: the number is too large; expected a number that float32 holds (up to 3.4e38), received "1e39"',
  ],
  ['c d  1\t3.5e38\n', 'v:1:3: not a number'],
  ['a 1 2\nc d  1\t-3.5e38\n', 'v:2:8: the number is too large'],
  [
    `5 2\n${lines}`,
    'v:1: the file is cut off, or its first line is wrong; expected 5 vectors, as the first line says, received 4',
  ],
  [`3 2\n${lines}`, 'v:1: the first line is wrong; expected 3 vectors, as the first line says, received 4'],
  [`4 3\n${lines}`, 'v:2: the vector has another length; expected 3 numbers, received 2'],
])('%s is refused', async (content, message) => {
  await expect(read(content)).rejects.toThrow(message)
})

it('the largest number of float32 is a vector’s too, and a small one is 0', async () => {
  expect([...(await read('b 3.4e38 1e-50\n')).data].slice(4, 6)).toEqual([Math.fround(3.4e38), 0])
})

it('how many symbols have a vector is counted, special ones left out', async () => {
  const { sourceVocabulary, counts: ofOne } = await load('a 1 2\nz 9 9\n')
  expect(sourceVocabulary?.symbols.slice(4)).toEqual(['a', 'b', 'c'])
  expect(ofOne.vectors).toEqual({ source: { found: 1, symbols: 3 } })
  const made = await folder({ 'pairs.tsv': 'ab\tx\nab\ty\nab\tx\n', s: 'a 1 2\n<unk> 1 2\n', t: 'x 5\ny 6\n' })
  const sets = {
    source: { ...options.source, file: undefined, train: 'pairs.tsv', dev: 'pairs.tsv', test: 'pairs.tsv' },
  }
  const { split: _, ...rest } = options
  const both = { ...rest, ...sets, vectors: { source: 's', target: 't' } } as DataOptions
  const { counts } = await loadDataset(both, pairs, made).finally(made.remove)
  expect(counts.vectors).toEqual({ source: { found: 1, symbols: 2 }, target: { found: 2, symbols: 2 } })
})

it('a missing file is refused', async () => {
  await expect(readWordVectors('nowhere', vocabulary, '.')).rejects.toThrow('nowhere: there is no such file')
})
