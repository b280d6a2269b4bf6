// npm run casts [-- --check | --list PREFIX]: how often src/ sets TypeScript's checks aside, by folder, parts apart.
// --check: exit 1 where parts or the rest are above their limit. --list model/cells: each place under that path.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Found, findCasts, kinds, returnOnlyFunctions } from './count-casts.js'
import { folders, parts } from './layout.js'

const limits = { parts: 0, elsewhere: 80 }

interface Counted {
  readonly file: string
  readonly text: string
  readonly found: readonly Found[]
}

function countAll(): Counted[] {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
  const texts = files
    .sort()
    .map((file) => [file.replaceAll('\\', '/'), readFileSync(join('src', file), 'utf8')] as const)
  const returnOnly = new Set(texts.flatMap(([, text]) => returnOnlyFunctions(text)))
  return texts.map(([file, text]) => ({ file, text, found: findCasts(text, returnOnly) }))
}

const partOf = (file: string) => parts.find((start) => file.startsWith(start))

/** Which row of the table a file is counted in: its kind of part, else its first folder. */
function rowOf(file: string): string {
  return partOf(file) ?? folders.find(({ name }) => file.startsWith(`${name}/`))?.name ?? '(src)'
}

function row(name: string, counted: readonly Counted[]): string {
  const found = counted.flatMap((file) => file.found)
  const counts = kinds.map((kind) => found.filter((one) => one.kind === kind).length)
  return [name.padEnd(22), ...[...counts, found.length].map((count) => String(count).padStart(11))].join('')
}

function table(title: string, counted: readonly Counted[]): string[] {
  const names = [...new Set(counted.map(({ file }) => rowOf(file)))]
  const rows = names.map((name) =>
    row(
      name,
      counted.filter(({ file }) => rowOf(file) === name),
    ),
  )
  return [...rows, row(title, counted), '']
}

function places({ file, text, found }: Counted): string[] {
  return found.map(({ kind, offset }) => {
    const before = text.slice(0, offset).split('\n')
    return `src/${file}:${before.length}:${(before.at(-1) ?? '').length + 1} ${kind}`
  })
}

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false }, list: { type: 'string' } } })
const counted = countAll()
const [inParts, elsewhere] = [
  counted.filter(({ file }) => partOf(file) !== undefined),
  counted.filter(({ file }) => partOf(file) === undefined),
]
if (values.list !== undefined) {
  const start = values.list.replace(/^src\//, '')
  for (const file of counted.filter((one) => one.file.startsWith(start)))
    for (const line of places(file)) console.log(line)
} else {
  console.log([' '.repeat(22), ...[...kinds, 'all'].map((kind) => kind.padStart(11))].join(''))
  console.log([...table('in parts', inParts), ...table('elsewhere', elsewhere)].join('\n'))
}
const sum = (files: readonly Counted[]) => files.reduce((total, { found }) => total + found.length, 0)
if (values.check && (sum(inParts) > limits.parts || sum(elsewhere) > limits.elsewhere)) {
  console.error(`At most ${limits.parts} in parts and ${limits.elsewhere} elsewhere: npm run casts -- --list FOLDER`)
  process.exitCode = 1
}
