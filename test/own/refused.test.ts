import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { SeqlabError } from '../../src/core/errors.js'
import { giveParts, ownFiles } from '../../src/spec/own/given.js'

const folder = mkdtempSync(join(tmpdir(), 'seqlab-refused-'))
const file = join(folder, 'self.js')
afterAll(() => rmSync(folder, { recursive: true }))

const part = (fields: string) =>
  `export const a = defineScorer({ name: 'mine', summary: 'A scorer.', equations: [], source: { paper: 'none' }, options: noOptions, build: () => ({}), ${fields} })\n`
const imports = "import { defineCell, defineMetric, defineScorer, noOptions, Type } from 'seqlab'\n"

/** A file that throws is in command.processes.ts: Vitest changes stacks. Each is refused in one sentence, which begins with this after the file's name. */
const refused: readonly (readonly [name: string, text: string, sentence: string])[] = [
  ['a syntax error', 'const a = 1\nconst a = 2\n', ":2:7: Identifier 'a' has already been declared"],
  ['a text that ends too soon', 'export const a = {\n', ':2: Unexpected end of input'],
  ['a file that throws no error', 'throw 3\n', ': 3'],
  ['a file that exports nothing', 'const a = 3\n', ': it exports no part'],
  ['a file that exports no part', 'export const a = 3\n', ': it exports no part'],
  ['a module of Node', "import fs from 'node:fs'\n", ':1:17: imports `node:fs`: parts import only from `seqlab`'],
  ['a package', "export * from 'lodash'\n", ':1:16: imports `lodash`: parts import only from `seqlab`'],
  ['an import while it runs', "await import('seqlab')\n", ':1:7: a file of parts cannot import while it runs'],
  [
    'a name that seqlab has not',
    "import {\n  train\n} from 'seqlab'\n",
    ':2:3: a file of parts has no `train` from `seqlab`',
  ],
  ['a neighbour that is not there', "import './gone.js'\n", ':1:9: Cannot open '],
  ['a circle', "import './self.js'\n", ':1:9: `./self.js` imports this file again'],
  ['a name that is taken', imports + part("name: 'dot'"), ": the scorer `dot` is one of seqlab's own"],
  ['one name twice', imports + part('') + part('').replace(' a ', ' b '), ': defines the scorer `mine` twice'],
  ['a name that is none', imports + part("name: 'My Scorer'"), ': a scorer (what `name` says is not one)'],
  ['a part without a summary', imports + part('summary: undefined'), ': a scorer `mine`: `summary` must be a text'],
  ['a part that builds nothing', imports + part('build: 3'), ': a scorer `mine`: `build` must be a function'],
  [
    'options that are no schema',
    imports + part('options: {}'),
    ': a scorer `mine`: `options` must be a schema of a map',
  ],
  [
    'an option without a description',
    imports + part('options: Type.Object({ a: Type.Number() })'),
    ': a scorer `mine`: its option `a` must have a description',
  ],
  [
    'an option that names the part',
    imports + part("options: Type.Object({ type: Type.String({ description: 'x' }) })"),
    ': a scorer `mine`: `type` names the part',
  ],
  [
    'a metric without what metrics have',
    imports + part('').replace('defineScorer', 'defineMetric'),
    ': a metric `mine`: `range` must be the lowest and the highest value',
  ],
]

test.each(refused)('%s is refused in one sentence', async (_, text, sentence) => {
  writeFileSync(file, text)
  const error: unknown = await giveParts([file]).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(SeqlabError)
  expect(error).toMatchObject({ code: 'spec', problems: [] })
  const { message } = error as SeqlabError
  expect(message.startsWith(`${file}${sentence}`), message).toBe(true)
  expect(message).not.toContain('\n')
  expect(ownFiles()).toEqual([])
})
