import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { SeqlabError } from '../../../src/core/errors.js'
import { createDatasetCache, type DataOf, readDatasets } from '../../../src/spec/plan/datasets.js'
import { documentOf } from './documents.js'
import { unchecked } from './loaded.js'

const folder = mkdtempSync(join(tmpdir(), 'seqlab-datasets-'))
afterAll(() => rmSync(folder, { recursive: true }))

function specOf(data: string, task = 'tag', baseDir = folder): DataOf {
  const text = `task: ${task}\ndata: { ${data}, split: { dev: 1, test: 1 } }\n`
  return { spec: unchecked(text).spec, baseDir, written: documentOf(text) }
}

const inline = 'source: { type: inline, examples: [[a, x], [b, y], [c, x]] }'

test('specs with the same data options, sides and folder share one dataset', async () => {
  const { read } = createDatasetCache()
  const first = await read(specOf(inline))
  expect([first.train.size, first.dev.size, first.test.size]).toEqual([1, 1, 1])
  expect(await read(specOf(inline))).toBe(first)
  expect(await read(specOf(inline, 'classify'))).not.toBe(first)
  expect(await read(specOf(inline, 'tag', 'elsewhere'))).not.toBe(first)
  expect(await read(specOf(`${inline}, sourceTokens: characters`))).not.toBe(first)
  expect(await createDatasetCache().read(specOf(inline))).not.toBe(first)
})

test('a task that there is not is a mistake of the program, which is thrown', async () => {
  const unknown = { ...specOf(inline), spec: { ...specOf(inline).spec, task: { type: 'nothing' } } }
  expect(() => createDatasetCache().read(unknown)).toThrow('There is no task "nothing"')
  await expect(readDatasets([unknown], createDatasetCache())).rejects.toThrow(SeqlabError)
})

test('what can be read, and why the others cannot: at the place of the option', async () => {
  writeFileSync(join(folder, 'short.tsv'), 'a\tx\nb\nc\ty\n')
  const [good, gone, short] = [
    specOf(inline),
    specOf('source: { type: tsv, file: gone.tsv }'),
    specOf('source: { type: tsv, file: short.tsv }'),
  ]
  const { datasets, unreadable } = await readDatasets([gone, good, short], createDatasetCache())
  expect([...datasets.keys()]).toEqual([good])
  expect([...unreadable.keys()]).toEqual([gone, short])
  const [missing, ...others] = unreadable.get(gone) ?? []
  expect(others).toEqual([])
  expect(missing).toMatchObject({ path: 'data', hint: expect.stringContaining('gone.tsv') })
  // The place of `data.source`.
  expect(missing?.place).toEqual({ file: 'some.yaml', line: 2, column: 17 })
  const [uneven] = unreadable.get(short) ?? []
  expect(uneven?.place).toMatchObject({ file: expect.stringContaining('short.tsv'), line: 2 })
})

test('what is wrong with an option has its own place, and no hint where there is none', async () => {
  const unfit = specOf('source: { type: text, file: x.txt }')
  const rare = specOf(`${inline}, targetTokens: { type: whitespace, minFrequency: 2 }`)
  const { unreadable } = await readDatasets([unfit, rare], createDatasetCache())
  expect(unreadable.get(rare)).toMatchObject([
    { path: 'data.targetTokens.minFrequency', place: { line: 2, column: 119 } },
  ])
  expect(unreadable.get(unfit)).toEqual([
    {
      path: 'data.source',
      message: 'this task needs pairs of source and target, and text has running text',
      expected: expect.stringContaining('inline, jsonl, parallel'),
      received: 'text',
      place: { file: 'some.yaml', line: 2, column: 17 },
    },
  ])
})
