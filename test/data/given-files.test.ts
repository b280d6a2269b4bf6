import { describe, expect, test } from 'vitest'
import { sourceOfFiles } from '../../src/data/given-files.js'
import type { DataOptions } from '../../src/data/options.js'

type Source = DataOptions['source']

describe('a source for files of the command line', () => {
  const tabs = { type: 'tsv', sourceColumn: 1, targetColumn: 2, header: false }

  test.each<[string, Source, object]>([
    [
      'tsv keeps its columns, and forgets its sets',
      { type: 'tsv', train: 'a', dev: 'b', test: 'c', sourceColumn: 3, targetColumn: 1, header: true },
      { type: 'tsv', train: 'new', sourceColumn: 3, targetColumn: 1, header: true },
    ],
    [
      'of one file, too',
      { type: 'tagged', file: 'a', format: 'atis', target: 'intent' },
      { type: 'tagged', train: 'new', format: 'atis', target: 'intent' },
    ],
    [
      'text keeps its unit',
      { type: 'text', text: 'a b', unit: 'paragraph' },
      { type: 'text', train: 'new', unit: 'paragraph' },
    ],
    ['a folder', { type: 'folder-of-classes', path: 'names' }, { type: 'folder-of-classes', train: 'new' }],
    [
      'a series keeps its columns and windows; a file is its one set',
      {
        ...{ type: 'series', file: 'a', columns: ['x'], separator: ';' },
        ...{ window: 3, horizon: 2, stride: 1, scale: 'none', season: 4 },
      },
      {
        ...{ type: 'series', file: 'new', columns: ['x'], separator: ';' },
        ...{ window: 3, horizon: 2, stride: 1, scale: 'none', season: 4 },
      },
    ],
    [
      'numbers in the spec are none of the file',
      { type: 'series', values: [1, 2], window: 1, horizon: 1, stride: 1, scale: 'none', season: 1 },
      { type: 'series', file: 'new', window: 1, horizon: 1, stride: 1, scale: 'none', season: 1 },
    ],
    [
      'pairs in the spec: a file of them has tabs',
      { type: 'inline', examples: [['a', 'b']] },
      { ...tabs, train: 'new' },
    ],
    ['pairs of a package, too', { type: 'cmudict' }, { ...tabs, train: 'new' }],
  ])('%s', (_, source, expected) => {
    expect(sourceOfFiles(source, ['new'])).toEqual(expected)
  })

  test('parallel files are two, the sources and the targets', () => {
    const source: Source = { type: 'parallel', files: { source: 'a', target: 'b' } }
    expect(sourceOfFiles(source, ['x', 'y'])).toEqual({ type: 'parallel', train: { source: 'x', target: 'y' } })
  })

  test('another number of files is refused, with what to give', () => {
    const refused = (type: 'parallel' | 'cmudict' | 'tsv', ...files: string[]) => {
      const source = { type, sourceColumn: 1, targetColumn: 2, header: false } as Source
      return expect(() => sourceOfFiles(source, files))
    }
    const two =
      '--test: the source of this run (parallel) reads two files, the sources and the targets, and 1 are named'
    const twice = 'Give --test twice: the sources, then the targets.'
    refused('parallel', 'x').toThrow(expect.objectContaining({ code: 'spec', message: two, hint: twice }))
    refused('parallel', 'x', 'y', 'z').toThrow('and 3 are named')
    const one = '--test: the source of this run (tsv) reads one file, and 2 are named'
    refused('tsv', 'x', 'y').toThrow(expect.objectContaining({ code: 'spec', message: one, hint: 'Give --test once.' }))
    refused('cmudict', 'x', 'y').toThrow('the source of this run (cmudict) reads one file')
    refused('tsv').toThrow('and 0 are named')
  })
})
