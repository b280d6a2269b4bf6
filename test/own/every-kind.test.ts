import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { metrics } from '../../src/metrics/index.js'
import { cells } from '../../src/model/cells/index.js'
import { scorers } from '../../src/model/scorers/index.js'
import { ownKinds } from '../../src/spec/own/kinds.js'

// The built command (`npm test` builds first): a thread of its own reads the parts again.
const folder = mkdtempSync(join(tmpdir(), 'seqlab-kinds-'))
const file = (name: string) => join(folder, name)
afterAll(() => rmSync(folder, { recursive: true }))

beforeAll(() => {
  cpSync('test/own/every-kind', folder, { recursive: true })
  writeFileSync(file('pairs-1.txt'), 'a-b|x-y\nb-a|y-x\na-a|x-x\nb-b|y-y\n')
  writeFileSync(file('pairs-2.txt'), 'a-b-a|x-y-x\nb-a-b|y-x-y\nb-b-a|y-y-x\na-a-b|x-x-y\n')
  writeFileSync(file('numbers.bin'), Buffer.from('abcdefghabcdefghijabcdabcabcd'))
})

it('a part of one of every kind that may be own trains a model, and a source of one reads files', () => {
  const specs = ['attend.yaml', 'fixed.yaml', 'pooled.yaml'].map(file)
  const options = ['--parts', file('parts.js'), '--out', file('runs'), '--name', 'kinds', '--json', '--quiet']
  const printed = execFileSync(process.execPath, ['dist/cli/main.js', 'run', ...specs, ...options], {
    encoding: 'utf8',
  })
  const records = printed
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(records.map(({ status }) => status)).toEqual(['completed', 'completed', 'completed'])
})

it('has one of every kind of which users may have their own, here or in test/own/files', () => {
  const text = readFileSync('test/own/every-kind/parts.js', 'utf8')
  const defined = new Set(text.match(/^import \{[^}]*\}/m)?.[0].match(/\bdefine\w+/g))
  // Data sources are declared in two ways; the other three kinds are in test/own/files.
  expect(defined.size - 1).toBe(ownKinds.length - [cells, scorers, metrics].length)
})
