import { type Folder, folders, type InnerRule, mayImport } from './layout.js'

const tfFile = 'src/core/tf.ts'
const tfLibrary = { '@tensorflow/tfjs': 'core/tf.ts is the one file that imports TF.js' }

interface Pattern {
  readonly group: readonly string[]
  readonly message: string
}

interface Forbidden {
  /** The folder of src/ that the rule is about. */
  readonly top: string
  readonly folders: readonly string[]
  /** Further patterns of module names. */
  readonly modules?: readonly string[]
  readonly message: string
  readonly paths?: Readonly<Record<string, string>>
}

/** The linter's configuration as JSON text, one override per folder; later ones take precedence. */
export function importRules(present: readonly Folder[], inner: readonly InnerRule[]): string {
  const $schema = './node_modules/@biomejs/biome/configuration_schema.json'
  const overrides = [
    ...present.map(({ name }) => rulesOf(name)),
    override([tfFile], { top: 'core', folders: others(mayImport('core'), 'core'), message: messageOf('core') }),
    ...inner.map(innerOverride),
  ]
  return `${JSON.stringify({ $schema, overrides }, null, 2)}\n`
}

function innerOverride({ folder, imports, except, why }: InnerRule) {
  const [top = ''] = folder.split('/')
  const message = `src/${folder} may not import this: ${why} (scripts/layout.ts)`
  const forbidden = { top, folders: others(imports, top), modules: except, message, paths: tfLibrary }
  return override([`src/${folder}/**`], forbidden)
}

function rulesOf(name: string) {
  const forbidden = { top: name, folders: others(mayImport(name), name), message: messageOf(name), paths: tfLibrary }
  return override([`src/${name}/**`], forbidden)
}

function messageOf(name: string): string {
  return `src/${name} may import only: ${mayImport(name).join(', ') || 'nothing'} (scripts/layout.ts)`
}

/** All folders but itself and those that it may import. */
function others(allowed: readonly string[], self: string): string[] {
  return folders.map(({ name }) => name).filter((name) => name !== self && !allowed.includes(name))
}

function override(includes: readonly string[], { top, folders: named, modules = [], message, paths = {} }: Forbidden) {
  const group = [...named.map((name) => `**/${name}/**`), ...modules]
  const allowed = folders.filter(({ name }) => name !== top && !named.includes(name))
  const patterns = [...(group.length === 0 ? [] : [{ group, message }]), ...allowed.flatMap(byIndex)]
  const options = { paths, patterns }
  return { includes, linter: { rules: { style: { noRestrictedImports: { level: 'error', options } } } } }
}

/** A folder that others import only through its index. */
function byIndex({ name, byIndex = false }: Folder): Pattern[] {
  if (!byIndex) return []
  const message = `src/${name} is imported through its index.ts alone (scripts/layout.ts)`
  return [{ group: [`**/${name}/**`, `!**/${name}/index.js`], message }]
}

const [start, end] = ['<!-- folders: npm run lint:imports -->', '<!-- /folders -->']

/** CONTRIBUTING's text with its table of folders renewed. Throws where the table's marks are missing. */
export function contributing(text: string, present: readonly Folder[]): string {
  const [from, to] = [text.indexOf(start), text.indexOf(end)]
  if (from < 0 || to < from) throw new RangeError(`There is no table between ${start} and ${end}`)
  return `${text.slice(0, from)}${start}\n${folderTable(present)}\n${text.slice(to)}`
}

function folderTable(present: readonly Folder[]): string {
  const head = ['Folder', 'What is in it', 'May import']
  const rows = present.map(({ name, holds, byIndex = false }) => {
    const entry = byIndex ? '; others import its `index.ts` alone' : ''
    return [`\`src/${name}\``, `${holds}${entry}`, allowed(name)]
  })
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)))
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`
  return ['', line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line), ''].join('\n')
}

/** In words, as short as they are. */
function allowed(name: string): string {
  const { imports, except = [] } = folders.find((folder) => folder.name === name) ?? {}
  if (imports !== undefined) return imports.join(', ') || 'nothing'
  return except.length === 0 ? 'all above' : `all above but ${except.join(', ')}`
}
