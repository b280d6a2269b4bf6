import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SeqlabError } from '../../src/core/errors.js'
import { loadDataset } from '../../src/data/load.js'
import type { DataOptions } from '../../src/data/options.js'
import type { Sides } from '../../src/data/types.js'
import { byCharacters, folder, pairs } from '../support/data.js'

// Whatever a file contains, loading it gives a valid dataset, or a SeqlabError that names the file.

let made: Awaited<ReturnType<typeof folder>>
let archive: Buffer
beforeAll(async () => {
  made = await folder({ good: 'a\nb\nc\nd\n' })
  await mkdir(join(made.baseDir, 'classes'))
  await writeFile(join(made.baseDir, 'classes/A.txt'), 'one\ntwo\n')
  await writeFile(join(made.baseDir, 'classes/B.txt'), 'three\nfour\n')
  execFileSync('tar', ['-cf', 'good.tar', 'classes'], { cwd: made.baseDir })
  archive = readFileSync(join(made.baseDir, 'good.tar'))
})
afterAll(() => made.remove())

const label: Sides = { source: 'tokens', target: 'label' }
const labels: Sides = { source: 'tokens', target: 'labels' }
const split = { dev: 1, test: 1 }
const window = { window: 2, horizon: 1, stride: 1, season: 1 }

const sources: Record<string, readonly [source: DataOptions['source'], sides: Sides]> = {
  tsv: [{ type: 'tsv', file: 'x', sourceColumn: 1, targetColumn: 2, header: false }, pairs],
  csv: [{ type: 'csv', file: 'x', sourceColumn: 1, targetColumn: 'b', separator: ',' }, pairs],
  jsonl: [{ type: 'jsonl', file: 'x', sourceColumn: 'a', targetColumn: 'b' }, pairs],
  conllu: [{ type: 'conllu', file: 'x', source: 'FORM', target: 'UPOS' }, labels],
  aligned: [{ type: 'tsv', file: 'x', sourceColumn: 1, targetColumn: 2, alignmentColumn: 3, header: false }, pairs],
  parallel: [{ type: 'parallel', files: { source: 'x', target: 'good' } }, pairs],
  scan: [{ type: 'scan', file: 'x' }, pairs],
  columns: [{ type: 'tagged', file: 'x', format: 'columns', target: 'tags' }, labels],
  atis: [{ type: 'tagged', file: 'x', format: 'atis', target: 'intent' }, label],
  lines: [
    { type: 'text', file: 'x', unit: 'line' },
    { source: 'tokens', target: 'none' },
  ],
  paragraphs: [
    { type: 'text', file: 'x', unit: 'paragraph' },
    { source: 'tokens', target: 'none' },
  ],
  series: [
    { type: 'series', file: 'x', scale: 'standard', ...window },
    { source: 'values', target: 'values' },
  ],
  archive: [{ type: 'folder-of-classes', path: 'x.tar' }, label],
}

/** Loads `content` as the file x: true where it is data, false where it is refused by name. */
async function loads(name: string, content: Uint8Array): Promise<boolean> {
  const [source, sides] = sources[name] ?? []
  if (source === undefined || sides === undefined) throw new RangeError(name)
  await writeFile(join(made.baseDir, name === 'archive' ? 'x.tar' : 'x'), content)
  const tokens = sides.source === 'values' ? {} : { sourceTokens: byCharacters }
  try {
    const data = await loadDataset({ source, ...(sides === labels ? {} : tokens), split }, sides, made)
    expect(data.train.size).toBeGreaterThan(0)
    expect(data.digests.training).toMatch(/^[0-9a-f]{64}$/)
    expect(data.train.source.offsets.at(-1)).toBeGreaterThan(0)
    return true
  } catch (error) {
    if (!(error instanceof SeqlabError)) throw error
    expect(error.code).toBe('data')
    expect(error.message).toMatch(/^(x|x\.tar|good|data|data\.\w+|inline \w+)\b/)
    return false
  }
}

const line = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc
    .array(fc.constantFrom('a', 'O', 'B-x', '\t', ' ', 'IN: ', ' OUT: ', 'BOS', 'EOS', ',', '1', '-2.5e3', '"', '\0'), {
      maxLength: 9,
    })
    .map((parts) => parts.join('')),
  // Lines that are almost what csv, jsonl and conllu have.
  fc.constantFrom('a,b', 'x,', ',', '"x,y', '{"a": "x", "b": "y"}', '{"a": "x"}', '{"a": null, "b": {}}', '[]'),
  fc.constantFrom(
    `1\tx${'\t_'.repeat(8)}`,
    `2\tx${'\t_'.repeat(8)}`,
    '1\tx',
    `1-2\t${'\t'.repeat(8)}`,
    '# x',
    'a\tb\t0-9',
  ),
)
const text = fc.array(line, { maxLength: 12 }).map((lines) => Buffer.from(lines.join('\n')))
const bytes = fc.oneof(text, fc.uint8Array({ maxLength: 200 }), text.map(gzipSync))

test.each(Object.keys(sources))('%s: rubbish is refused by name', async (name) => {
  await fc.assert(
    fc.asyncProperty(bytes, async (content) => {
      await loads(name, content)
    }),
    { numRuns: 60, seed: 11 },
  )
})

test('an archive with any byte changed, or cut anywhere, is refused or read', async () => {
  expect(await loads('archive', archive)).toBe(true)
  const change = fc.tuple(fc.nat(archive.length - 1), fc.nat(255))
  await fc.assert(
    fc.asyncProperty(fc.array(change, { maxLength: 3 }), fc.option(fc.nat(archive.length)), async (changes, cut) => {
      const damaged = Uint8Array.from(archive)
      for (const [at, value] of changes) damaged[at] = value
      await loads('archive', cut === null ? damaged : damaged.subarray(0, cut))
    }),
    { numRuns: 80, seed: 11 },
  )
})

test.each([
  ['tsv', 'a\tx\nb\ty\nc\tx\nd\ty\n'],
  ['csv', 'a,b\n"x, y",1\nz,2\nv,3\n'],
  ['jsonl', '{"a": "x", "b": 1}\n\n{"a": "y", "b": ["z"]}\n{"a": "w", "b": true}\n'],
  ['conllu', [1, 2, 3].map((at) => `# c\n1\tw${at}\t_\tNOUN${'\t_'.repeat(6)}\n`).join('\n')],
  ['aligned', 'a b\tx\t1-0\nc\ty\t\nd\tx\t0p0\n'],
  ['parallel', 'w\nx\ny\nz\n'],
  ['scan', 'IN: a OUT: B\nIN: c OUT: D\nIN: e OUT: F\n'],
  ['columns', 'a O\n\nb O\n\nc O\n'],
  ['atis', 'BOS a EOS\tO O f\nBOS b EOS\tO O g\nBOS c EOS\tO O g\n'],
  ['lines', 'a\nb\nc\n'],
  ['paragraphs', 'a\n\nb\n\nc\n'],
  ['series', 'n\n1\n2\n3\n4\n5\n6\n'],
])('%s: valid content is read', async (name, content) => {
  expect(await loads(name, Buffer.from(content))).toBe(true)
})
