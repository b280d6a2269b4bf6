import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { SeqlabError } from '../../../src/core/errors.js'
import type { Sides } from '../../../src/data/types.js'
import { loadDataFile, type RunData } from '../../../src/spec/plan/data-file.js'

const folder = mkdtempSync(join(tmpdir(), 'seqlab-data-file-'))
afterAll(() => rmSync(folder, { recursive: true }))
const file = join(folder, 'other.yaml')

const pairs: Sides = { source: 'tokens', target: 'tokens' }
const run: RunData = {
  sourceTokens: { type: 'characters', unit: 'codepoint', lowercase: false, normalise: 'none', minFrequency: 1 },
  targetTokens: { type: 'whitespace', lowercase: true, normalise: 'none', minFrequency: 1 },
  references: 'separate',
}

function loaded(text: string, ofRun: RunData = {}) {
  writeFileSync(file, text)
  return loadDataFile(file, pairs, ofRun)
}

function refused(text: string) {
  try {
    loaded(text)
  } catch (error) {
    if (!(error instanceof SeqlabError)) throw error
    expect([error.code, error.message]).toEqual(['spec', `${file} cannot be used as data`])
    return error.problems.map(({ place, ...problem }) => ({ ...problem, at: `${place?.line}:${place?.column}` }))
  }
  throw new Error('nothing is refused')
}

describe('data of its own file', () => {
  it('are relative to it', () => {
    expect(loaded('data: { source: { type: tsv, file: t.tsv } }').baseDir).toBe(folder)
  })

  it('of a test set alone are read once, whatever the source calls its sets', () => {
    const { options } = loaded('data: { source: { type: tsv, test: t.tsv } }')
    expect(options.source).toMatchObject({ train: 't.tsv', dev: 't.tsv', test: 't.tsv' })
    expect('split' in options).toBe(false)
    const files = { source: 'a.txt', target: 'b.txt' }
    const parallel = loaded('data: { source: { type: parallel, test: { source: a.txt, target: b.txt } } }').options
    expect(parallel.source).toEqual({ type: 'parallel', train: files, dev: files, test: files })
  })

  it('read the test set alone of those that have others', () => {
    const { options } = loaded('data: { source: { type: tsv, train: a.tsv, dev: d.tsv, test: t.tsv } }')
    expect(options.source).toMatchObject({ train: 't.tsv', dev: 't.tsv', test: 't.tsv' })
  })

  it('without a test set stay as they are', () => {
    expect(loaded('data: { source: { type: tsv, train: a.tsv, dev: d.tsv } }').options.source).toMatchObject({
      train: 'a.tsv',
      dev: 'd.tsv',
    })
    const inline = loaded('data: { source: { type: inline, examples: [[a, b]] } }').options
    expect(inline.source).toEqual({ type: 'inline', examples: [['a', 'b']] })
    expect(inline.split).toMatchObject({ dev: 1000, test: 2000 })
  })

  it('take tokenizers and references from the run where they name none', () => {
    const source = 'source: { type: tsv, test: t.tsv }'
    const text = `data: { ${source} }`
    const longest = { maxLength: 256 }
    expect(loaded(text, run).options).toMatchObject({
      ...{ sourceTokens: { ...run.sourceTokens, ...longest }, targetTokens: { ...run.targetTokens, ...longest } },
      references: 'separate',
    })
    const whitespace = { type: 'whitespace', lowercase: false }
    const own = 'sourceTokens: words, targetTokens: characters, references: grouped'
    expect(loaded(`data: { ${source}, ${own} }`, run).options).toMatchObject({
      ...{ sourceTokens: { type: 'words' }, targetTokens: { type: 'characters' }, references: 'grouped' },
    })
    expect(loaded(text).options).toMatchObject({
      ...{ sourceTokens: whitespace, targetTokens: whitespace, references: 'grouped' },
    })
  })
})

describe('a data file is refused', () => {
  it('that cannot be read or has no map', () => {
    expect(() => loadDataFile(join(folder, 'gone.yaml'), pairs, {})).toThrow('gone.yaml cannot be used as data')
    expect(refused('a: [\n')).toMatchObject([{ message: expect.stringContaining('is not valid YAML'), at: '2:1' }])
    expect(refused('- a\n')).toEqual([
      { path: '', message: 'has no map', expected: 'a map with `data:` alone', at: '1:1' },
    ])
  })

  it('without data', () => {
    expect(refused('{}')).toMatchObject([
      { path: 'data', message: 'the file needs `data`', received: 'nothing', at: '1:1' },
    ])
    expect(refused('data:\n')).toMatchObject([{ path: 'data', message: 'has the wrong type', at: '1:6' }])
    // What is missing within data is said as in a spec.
    expect(refused('data: {}')).toMatchObject([
      { path: 'data.source', message: 'data needs `source` (Source of the examples)', at: '1:1' },
    ])
  })

  it('with other keys, at their places', () => {
    const text = 'data: { source: { type: tsv, test: t.tsv } }\nmodel: 3\n'
    expect(refused(text)).toEqual([
      {
        ...{ code: 'unknown-key', path: 'model', message: '`model` is not a key of a data file' },
        ...{ expected: '`data` alone', hint: 'everything else is as the model has it', at: '2:1' },
      },
    ])
    const [inner] = refused('data: { source: { type: tsv, test: t.tsv }, model: 3 }')
    expect(inner).toMatchObject({ path: 'data.model', message: '`model` is not a key of data', at: '1:45' })
    expect(inner?.hint).toBeUndefined()
  })

  it('with data that do not fit the task, at the option', () => {
    expect(refused('data: { source: { type: text, file: t.txt } }')).toMatchObject([
      { path: 'data.source', received: 'text', at: '1:17' },
    ])
    // Without a training set, and without a test set that could stand for it.
    for (const set of ['dev: d.tsv', ''])
      expect(refused(`data: { source: { type: tsv, ${set} } }`)).toMatchObject([{ path: 'data.source', at: '1:17' }])
    // A file that is cut into sets brings no test set of its own.
    expect(refused('data: { source: { type: tsv, file: a.tsv, test: t.tsv } }')).toMatchObject([
      { path: 'data.source.test', at: '1:49' },
    ])
  })
})
