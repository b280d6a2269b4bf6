import { expect, test } from 'vitest'
import type { DataOptions } from '../../src/data/options.js'
import { standardInputsOf, withStandardInputAt } from '../../src/data/standard-input.js'

type Source = DataOptions['source']

const columns = { type: 'tsv', sourceColumn: 1, targetColumn: 2 } as const

test('a lone hyphen is standard input in every option that names files', () => {
  const at = (source: object) => standardInputsOf(source as Source)
  for (const option of ['file', 'train', 'dev', 'test']) expect(at({ ...columns, [option]: '-' })).toEqual([option])
  expect(at({ ...columns, train: 'a', dev: 'b' })).toEqual([])
  expect(at({ ...columns, train: ['a', '-'], test: '-' })).toEqual(['train.1', 'test'])
  expect(at({ type: 'parallel', files: { source: '-', target: 'b' } })).toEqual(['files.source'])
  expect(at({ type: 'parallel', train: { source: 'a', target: '-' } })).toEqual(['train.target'])
  // A text is no file, and examples of the spec itself are none.
  expect(at({ type: 'text', text: '-' })).toEqual([])
  expect(at({ type: 'inline', train: [['-', 'x']], dev: [['-', 'x']], test: [['-', 'x']] })).toEqual([])
})

test('a file takes its place, and nothing else changes', () => {
  const put = (source: object) => withStandardInputAt(source as Source, '/tmp/in')
  expect(put({ ...columns, file: '-' })).toEqual({ ...columns, file: '/tmp/in' })
  expect(put({ ...columns, train: ['a', '-'], header: false })).toEqual({
    ...{ ...columns, train: ['a', '/tmp/in'], header: false },
  })
  expect(put({ type: 'parallel', files: { source: '-', target: 'b' } })).toEqual({
    ...{ type: 'parallel', files: { source: '/tmp/in', target: 'b' } },
  })
  expect(put({ type: 'text', text: '-', unit: 'line', train: null })).toEqual({
    ...{ type: 'text', text: '-', unit: 'line', train: null },
  })
})
