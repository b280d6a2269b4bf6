// A file of parts and what it imports -> plain data. No bundler: only `seqlab` and files next to it may be imported, so that
// a lexer, which finds the specifiers, is all that this takes (20 KB; a bundler is 10 MB of native code for each platform).
import { readFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { formatPlace, type Place, SeqlabError, toPlainError } from '../../core/errors.js'
import { sha256 } from '../../core/hash.js'
import { didYouMean } from '../../core/suggest.js'
import * as api from './api.js'
import { syntaxRefusal } from './check-syntax.js'
import { placeIn, refusal } from './refusal.js'
import type { OwnFile, OwnImport, OwnModule } from './types.js'
import { isTypeScript, withoutTypes } from './typescript.js'

/** Throws SeqlabError 'spec', one sentence with its place, for what cannot be read or imports anything else. */
export async function readOwnFile(file: string): Promise<OwnFile> {
  const lexer = await import('es-module-lexer')
  await lexer.init
  const modules: OwnModule[] = []
  addModule(file, [], { modules, places: new Map(), parse: lexer.parse })
  return { file, digest: digestOf(modules), modules }
}

/** Of the texts alone: where a file is, and what it is called, changes nothing. */
export function digestOf(modules: readonly OwnModule[]): string {
  return sha256(JSON.stringify(modules.map(({ text }) => text)))
}

interface Reading {
  readonly modules: OwnModule[]
  /** Place in `modules` by the path in full. */
  readonly places: Map<string, number>
  readonly parse: typeof import('es-module-lexer').parse
}

/** Adds a module after those that it imports; its place. `importers`: the modules on the way to it, by their full paths. */
function addModule(path: string, importers: readonly string[], reading: Reading, from?: Place): number {
  const known = reading.places.get(resolve(path))
  if (known !== undefined) return known
  const text = readModule(path, from)
  const importing = [...importers, resolve(path)]
  const imports = specifiersIn(path, text, reading.parse).map(({ name, start, end }): OwnImport => {
    if (name === 'seqlab') return { start, end, module: name }
    const imported = importedPath(path, text, name, start)
    if (importing.includes(resolve(imported)))
      throw refusal(placeIn(path, text, start), `\`${name}\` imports this file again: parts cannot import in a circle`)
    return { start, end, module: addModule(imported, importing, reading, placeIn(path, text, start)) }
  })
  reading.modules.push({ path, text, imports })
  reading.places.set(resolve(path), reading.modules.length - 1)
  return reading.modules.length - 1
}

interface Specifier {
  readonly name: string
  readonly start: number
  readonly end: number
}

function specifiersIn(path: string, text: string, parse: Reading['parse']): Specifier[] {
  const [found] = parsed(path, text, parse)
  const dynamic = found.find(({ d }) => d >= 0)
  if (dynamic !== undefined)
    throw refusal(placeIn(path, text, dynamic.ss), 'a file of parts cannot import while it runs; use `import ... from`')
  for (const { n, ss, s } of found) if (n === 'seqlab') checkNames(path, text, { from: ss, to: s })
  return found.flatMap(({ n, s, e, d }) => (d === -1 && n !== undefined ? [{ name: n, start: s, end: e }] : []))
}

/** Names of the import statement between two characters that seqlab has not: Node would tell no line. */
function checkNames(path: string, text: string, { from, to }: { readonly from: number; readonly to: number }): void {
  const [, names = ''] = /\{([\s\S]*)\}/.exec(text.slice(from, to)) ?? []
  for (const written of names.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '').split(',')) {
    const [name = ''] = written.trim().split(/\s/)
    if (name === '' || Object.hasOwn(api, name)) continue
    const place = placeIn(path, text, text.indexOf(name, from))
    throw refusal(place, `a file of parts has no \`${name}\` from \`seqlab\`${didYouMean(name, Object.keys(api))}`, {
      hint: 'docs/own-parts.md lists what there is; the operations on tensors are in `ops`.',
    })
  }
}

function parsed(path: string, text: string, parse: Reading['parse']) {
  try {
    return parse(text)
  } catch (error) {
    throw syntaxRefusal({ path, text }) ?? refusal({ file: path }, `it is no module of JavaScript`, { cause: error })
  }
}

function importedPath(path: string, text: string, name: string, start: number): string {
  const place = placeIn(path, text, start)
  if (!/^\.\.?\//.test(name))
    throw refusal(
      place,
      `imports \`${name}\`: parts import only from \`seqlab\` and from files next to them (\`./...\`)`,
    )
  return join(dirname(path), name)
}

function readModule(path: string, from: Place | undefined): string {
  if (!/\.m?[jt]s$/.test(path))
    throw refusal({ file: path }, `${basename(path)} does not end in .js, .mjs, .ts or .mts`)
  const text = readText(path, from)
  return isTypeScript(path) ? withoutTypes(path, text) : text
}

/** `from`: where it is imported. */
function readText(path: string, from: Place | undefined): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path))
  } catch (error) {
    if (error instanceof SeqlabError) throw error
    if (error instanceof TypeError) throw refusal({ file: path }, 'it is not UTF-8')
    const { message, hint } = toPlainError(error)
    throw new SeqlabError('spec', `${from === undefined ? '--parts' : formatPlace(from)}: ${message}`, {
      cause: error,
      ...(hint !== undefined && { hint }),
    })
  }
}
