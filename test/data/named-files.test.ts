import { expect, test } from 'vitest'
import { namedFiles, tokenizerFiles } from '../../src/data/named-files.js'
import type { DataOptions } from '../../src/data/options.js'
import { byWords } from '../support/data.js'

test('files are named by the options of a source that say where its examples are, one or several', () => {
  const columns = { sourceColumn: 'text', targetColumn: 'label', separator: ';' }
  expect(namedFiles({ source: { type: 'csv', file: 'a.csv', ...columns } })).toEqual(['a.csv'])
  expect(namedFiles({ source: { type: 'csv', ...columns, train: ['a', 'b/*'], dev: 'c', test: 'd' } })).toEqual([
    ...['a', 'b/*', 'c', 'd'],
  ])
  expect(namedFiles({ source: { type: 'folder-of-classes', path: 'reviews', each: 'file' } })).toEqual(['reviews'])
  expect(namedFiles({ source: { type: 'parallel', files: { source: 'a.de', target: ['a.en', 'b.en'] } } })).toEqual([
    ...['a.de', 'a.en', 'b.en'],
  ])
  expect(namedFiles({ source: { type: 'series', values: [1, 2], missing: ['NA'] } })).toEqual([])
})

test('word vectors are files too', () => {
  const source = { type: 'tsv', file: 'a.tsv' }
  expect(namedFiles({ source, vectors: { source: 'glove.txt', target: 'word2vec.txt' } })).toEqual([
    ...['a.tsv', 'glove.txt', 'word2vec.txt'],
  ])
  expect(namedFiles({ source, vectors: undefined })).toEqual(['a.tsv'])
})

test('examples within a spec are no files', () => {
  const sets = { train: [['a', 'b']], dev: [{ source: 'c', target: 'd' }], test: [['*', 'e']] }
  expect(namedFiles({ source: { type: 'inline', ...sets } })).toEqual([])
  expect(namedFiles({ source: { type: 'inline', ...sets }, vectors: { source: 'glove.txt' } })).toEqual(['glove.txt'])
})

test('tokenizers are read from files by their paths alone', () => {
  const source = { type: 'tsv', file: 'a.tsv' }
  const sentencepiece = { type: 'sentencepiece', path: 'de.model' }
  const options = (more: object) => ({ source, ...more }) as DataOptions
  expect(tokenizerFiles(options({ sourceTokens: sentencepiece, targetTokens: byWords }))).toEqual(['de.model'])
  expect(tokenizerFiles(options({ sourceTokens: byWords, targetTokens: sentencepiece }))).toEqual(['de.model'])
  expect(tokenizerFiles(options({}))).toEqual([])
})
