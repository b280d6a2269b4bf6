import { describe, expect, test } from 'vitest'
import { type Problem, SeqlabError } from '../../../src/core/errors.js'
import { withStandardInput } from '../../../src/spec/plan/standard-input.js'
import type { LoadedSpec } from '../../../src/spec/types.js'
import { loadedFrom, taggerText } from './loaded.js'

/** A tagger in a folder whose data have this source, which begins at the 17th column of the second line. */
function reading(source: string, baseDir = '/study'): LoadedSpec {
  return { ...loadedFrom(taggerText.replace(/\{ type: inline.*?\]\] \}/, source)), baseDir }
}

/** The same spec with other options of its source. */
function from<S extends LoadedSpec>(loaded: S, more: object): S {
  const { spec } = loaded
  return { ...loaded, spec: { ...spec, data: { ...spec.data, source: { ...spec.data.source, ...more } } } }
}

const inline = reading("{ type: inline, train: [['-', x]] }")
const tsv = reading("{ type: tsv, file: '-' }")
const earlier: Problem = { path: 'model', message: 'is wrong anyway' }

/** Data come through standard input, and are kept in /runs/stdin/1. */
const keep = async () => '/runs/stdin/1'

const never = async () => {
  throw new RangeError('there is nothing to read')
}

test('nothing is read where no file of a source is standard input: a hyphen among examples is a word', async () => {
  const loaded = { specs: [inline], problems: [earlier] }
  const { loaded: found, shown } = await withStandardInput(loaded, never)
  expect(found).toBe(loaded)
  expect(shown(earlier)).toBe(earlier)
})

describe('a file that keeps it', () => {
  test('takes its place, by the path from the folder of each spec, and nothing else changes', async () => {
    const parallel = reading("{ type: parallel, files: { source: x, target: '-' } }", '/study/deep')
    const loaded = { name: 'mine', specs: [inline, tsv], others: [parallel, inline], problems: [earlier] }
    const { loaded: found } = await withStandardInput(loaded, keep)
    expect(found).toEqual({
      name: 'mine',
      specs: [inline, from(tsv, { file: '../runs/stdin/1' })],
      others: [from(parallel, { files: { source: 'x', target: '../../runs/stdin/1' } }), inline],
      problems: [earlier],
    })
  })

  test('is asked for once', async () => {
    let reads = 0
    const counted = async () => `/runs/stdin/${++reads}`
    const { loaded } = await withStandardInput({ specs: [tsv, tsv], problems: [] }, counted)
    expect(loaded.specs).toEqual(Array(2).fill(from(tsv, { file: '../runs/stdin/1' })))
    expect(reads).toBe(1)
  })

  test('is called stdin in what is wrong with it', async () => {
    const deep = reading("{ type: tsv, file: '-' }", '/study/deep')
    const { shown } = await withStandardInput({ specs: [tsv], others: [deep], problems: [] }, keep)
    const problem = { path: 'data', message: 'has one column' }
    for (const file of ['../runs/stdin/1', '../../runs/stdin/1']) {
      expect(shown({ ...problem, place: { file, line: 3, column: 2 } })).toEqual({
        ...{ ...problem, place: { file: 'stdin', line: 3, column: 2 } },
      })
      expect(shown({ path: 'data', message: `${file}: the file is empty` })).toEqual({
        ...{ path: 'data', message: 'stdin: the file is empty' },
      })
      const place = { file: 'some.yaml', line: 2 }
      expect(shown({ path: 'data', message: `${file}: the file is empty`, place })).toEqual({
        ...{ path: 'data', message: 'stdin: the file is empty', place },
      })
    }
    const others: Problem[] = [
      { ...problem, place: { file: 'stdin.tsv', line: 3 } },
      { ...problem, message: '../runs/stdin/10: the file is empty' },
    ]
    for (const other of others) expect(shown(other)).toBe(other)
  })
})

describe('specs that ask for it are left out, with a problem at the place of the option', () => {
  test('where nothing reads it: of the first one', async () => {
    const hint = 'Only `seqlab run`, `sweep`, `check` and `explain` read it: name a file.'
    const refused = { message: 'standard input cannot be read here', hint }
    const { loaded, shown } = await withStandardInput(
      { name: 'mine', specs: [inline, tsv], others: [tsv, inline], problems: [earlier] },
      undefined,
    )
    expect(loaded).toEqual({
      name: 'mine',
      specs: [inline],
      others: [inline],
      problems: [earlier, { path: 'data.source.file', ...refused, place: { file: 'some.yaml', line: 2, column: 36 } }],
    })
    expect(shown(earlier)).toBe(earlier)
    const parallel = reading("{ type: parallel, files: { source: x, target: '-' } }")
    const alone = await withStandardInput({ specs: [], others: [parallel], problems: [] }, undefined)
    expect(alone.loaded).toEqual({
      specs: [],
      others: [],
      problems: [{ path: 'data.source.files.target', ...refused, place: { file: 'some.yaml', line: 2, column: 63 } }],
    })
  })

  const twice = (path: string, column: number) => ({
    path,
    message: 'standard input is read for another set already',
    hint: 'It is read once: give the other sets as files, or leave them out and have them split off (data.split).',
    place: { file: 'some.yaml', line: 2, column },
  })

  test('where several sets are to be read from it: of all but the first', async () => {
    const problemsOf = async (...specs: readonly LoadedSpec[]) => {
      const { loaded } = await withStandardInput({ specs, problems: [] }, never)
      expect(loaded.specs).toEqual([])
      return loaded.problems
    }
    const two = reading("{ type: tsv, train: '-', dev: x, test: '-' }")
    expect(await problemsOf(two)).toEqual([twice('data.source.test', 56)])
    const three = reading("{ type: tsv, train: '-', dev: '-', test: '-' }")
    expect(await problemsOf(tsv, three)).toEqual([twice('data.source.dev', 47), twice('data.source.test', 58)])
    // Variants of a study are of one file: what is wrong with it is said once.
    expect(await problemsOf(two, two)).toEqual([twice('data.source.test', 56)])
  })

  test('where it cannot be kept; what has nothing to do with data is thrown', async () => {
    const failing = (error: unknown) =>
      withStandardInput({ specs: [tsv, inline], problems: [] }, async () => {
        throw error
      })
    const place = { file: 'some.yaml', line: 2, column: 36 }
    const tooMuch = await failing(new SeqlabError('data', 'too much', { hint: 'Write it to files.' }))
    expect(tooMuch.loaded).toEqual({
      specs: [inline],
      others: [],
      problems: [{ path: 'data.source.file', message: 'too much', hint: 'Write it to files.', place }],
    })
    const terminal = await failing(new SeqlabError('data', 'a terminal'))
    expect(terminal.loaded.problems).toEqual([{ path: 'data.source.file', message: 'a terminal', place }])
    const full = new SeqlabError('run', 'the disk is full')
    await expect(failing(full)).rejects.toBe(full)
  })
})
