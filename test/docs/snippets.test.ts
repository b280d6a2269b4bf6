import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { headsFigures } from '../../docs/heads-figures.js'
import { optionsPage } from '../../docs/options-page.js'
import { pageFigures } from '../../docs/page-figures.js'
import { program } from '../../src/cli/program.js'
import { partsTable } from '../../src/spec/parts-table.js'
import { loadSpecs } from '../../src/spec/plan/load-specs.js'
import { loadStudy } from '../../src/spec/plan/study/load-study.js'
import { pages, type Snippet, snippets, whereOf } from './support.js'

// Every YAML snippet is written to a folder with the others of its page, under the name in its first line.
const folder = mkdtempSync(join(tmpdir(), 'seqlab-docs-'))
const home = process.cwd()
const of = (language: string) =>
  snippets
    .filter((snippet) => snippet.language === language && !isSection(snippet))
    .map((snippet) => [whereOf(snippet), snippet] as const)

/** Sections of `data` marked with their task: test/docs/data.test.ts reads them. */
function isSection({ language, mark }: Snippet): boolean {
  return language === 'yaml' && mark !== '' && mark !== 'study'
}

beforeAll(() => {
  for (const name of ['configs', 'experiments', 'node_modules']) symlinkSync(resolve(name), join(folder, name))
  for (const [, snippet] of of('yaml')) writeFileSync(join(folder, fileOf(snippet)), snippet.text)
  process.chdir(folder)
})
afterAll(() => {
  process.chdir(home)
  rmSync(folder, { recursive: true })
})

function fileOf({ text, line }: Snippet): string {
  return /^# (\S+\.yaml)/.exec(text)?.[1] ?? `snippet-${line}.yaml`
}

test('snippets have languages that are checked here or in a test of their own', () => {
  const known = new Set(['yaml', 'sh', 'text', 'ts'])
  expect(snippets.filter(({ language }) => !known.has(language)).map(whereOf)).toEqual([])
  const code = snippets.filter(({ language }) => language === 'ts')
  // test/package and test/docs/own-parts.processes.ts.
  const executed = ['docs/add-a-scorer.md', 'docs/library.md', 'docs/own-parts.md']
  expect(code.filter(({ page }) => !executed.includes(page)).map(whereOf)).toEqual([])
})

describe('YAML', () => {
  test.each(of('yaml'))('%s', (_, snippet) => {
    const file = fileOf(snippet)
    const { problems } = snippet.mark === 'study' ? loadStudy(file) : loadSpecs([file])
    expect(problems).toEqual([])
  })
})

/** Commands of a shell snippet, without comments; a line that ends in a backslash goes on. */
function commandsOf({ text }: Snippet): readonly string[] {
  const lines = text.replaceAll('\\\n', ' ').split('\n')
  return lines.map((line) => line.replace(/(^|\s)#.*$/, '').trim()).filter((line) => line !== '')
}

describe('shell', () => {
  // test/docs/own-parts.processes.ts runs those of its page.
  const here = of('sh').filter(([, { page }]) => page !== 'docs/own-parts.md')
  test.each(here.flatMap(([where, s]) => commandsOf(s).map((command) => [where, command] as const)))(
    '%s: %s',
    (_, line) => {
      const [first, ...rest] = line.split(/\s+/)
      if (first === 'npm') return checkNpm(rest)
      if (first === 'git' || first === 'cd' || line === '.ci/run') return
      const args = first === 'npx' ? rest : [first, ...rest]
      expect(args[0]).toBe('seqlab')
      checkSeqlab(args.slice(1).map(String))
    },
  )
})

function checkNpm(args: readonly string[]): void {
  const scripts = (JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as { scripts: Record<string, string> })
    .scripts
  const [verb, name] = args
  if (verb === 'ci' || verb === 'install') return
  expect(Object.keys(scripts)).toContain(verb === 'run' ? name : verb)
}

/** The verb and its options exist, its files too, and its settings fit them. */
function checkSeqlab([verb, ...args]: readonly string[]): void {
  const command = program().commands.find((each) => each.name() === verb)
  if (command === undefined) throw new RangeError(`There is no verb ${verb}`)
  const { operands, unknown } = command.parseOptions([...args])
  expect(unknown).toEqual([])
  const set = (command.opts().set ?? []) as readonly string[]
  // A scorer that only the guide adds.
  const settings = set.filter((each) => each !== 'model.context.scorer=distance')
  const files = operands.filter((operand) => operand.endsWith('.yaml') && !operand.includes('*'))
  for (const file of files) expect(existsSync(file)).toBe(true)
  if (verb === 'sweep' || verb === 'reproduce')
    for (const file of files) expect(loadStudy(file, { set: settings }).problems).toEqual([])
  else expect(loadSpecs(files, { set: settings }).problems).toEqual([])
}

describe('pages', () => {
  test.each(pages)('%s: what it links to exists', (page) => {
    const text = readFileSync(join(home, page), 'utf8')
    const links = [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map((match) => match[1] ?? '')
    expect(links.filter((link) => !existsSync(join(home, dirname(page), link)))).toEqual([])
  })

  test('pages that are generated are current (npm run docs writes them)', () => {
    // The table of heads at its end takes longer: npm run test:grid checks it.
    const [parts] = readFileSync(join(home, 'docs/parts.md'), 'utf8').split('\n## Heads by')
    expect(parts).toBe(partsTable())
    expect(readFileSync(join(home, 'docs/options.md'), 'utf8')).toBe(optionsPage())
    expect(readFileSync(join(home, 'docs/heads-figures.md'), 'utf8')).toBe(headsFigures())
    expect(readFileSync(join(home, 'docs/page-figures.md'), 'utf8')).toBe(pageFigures())
  })
})
