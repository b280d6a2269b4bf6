import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { formatPlace, type Place, SeqlabError } from '../../core/errors.js'
import * as api from './api.js'
import { syntaxRefusal } from './check-syntax.js'
import { refusal } from './refusal.js'
import type { OwnFile, OwnModule } from './types.js'

/** How long a file may take until it has exported what it exports: it may wait for something. */
const evaluationMs = 10_000

/**
 * What a file of parts exports. Its modules are evaluated from their texts in memory: what the file has become on the disk
 * meanwhile does not matter. Throws SeqlabError 'spec' with the place where it throws.
 */
export async function exportsOf({ file, modules }: OwnFile): Promise<Readonly<Record<string, unknown>>> {
  const urls = linked(modules)
  try {
    return await within(evaluationMs, import(urls.at(-1) ?? ''), file)
  } catch (error) {
    throw explained(error, file, modules, urls)
  }
}

/** The program's own instance under a name that a module in memory can reach: it can import no other module than such ones. */
const shared = Symbol.for('seqlab.parts')

/** Each module's URL, which holds its text; specifiers become the URLs of what they mean. */
function linked(modules: readonly OwnModule[]): readonly string[] {
  Reflect.set(globalThis, shared, api)
  const names = Object.keys(api).join(', ')
  const seqlab = urlOf(`export const { ${names} } = globalThis[Symbol.for('${shared.description}')]`)
  const urls: string[] = []
  for (const { path, text, imports } of modules) {
    const pieces: string[] = []
    let from = 0
    for (const { start, end, module } of imports) {
      pieces.push(text.slice(from, start), module === 'seqlab' ? seqlab : (urls[module] ?? ''))
      from = end
    }
    urls.push(urlOf(`${pieces.join('')}${text.slice(from)}\n//# sourceURL=${sourceUrl(path)}`))
  }
  return urls
}

const urlOf = (text: string) => `data:text/javascript;base64,${Buffer.from(text).toString('base64')}`

/** What stacks call a module. */
const sourceUrl = (path: string) => pathToFileURL(resolve(path)).href

async function within<T>(ms: number, work: Promise<T>, file: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    const error = refusal({ file }, `it did not finish within ${ms / 1000} s: a file of parts may wait for nothing`)
    timer = setTimeout(() => reject(error), ms)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

function explained(error: unknown, file: string, modules: readonly OwnModule[], urls: readonly string[]): unknown {
  if (error instanceof SeqlabError) return error
  if (error instanceof SyntaxError) {
    for (const module of modules) {
      const found = syntaxRefusal(module)
      if (found !== undefined) return found
    }
  }
  return thrown(error, modules, { file, urls })
}

interface Unplaced {
  readonly file: string
  readonly urls: readonly string[]
}

/** An error that a module threw: its message, with names in the place of the modules' texts. */
function thrown(error: unknown, modules: readonly OwnModule[], { file, urls }: Unplaced): SeqlabError {
  const written = error instanceof Error ? error.message : String(error)
  const message = urls.reduce((text, url, at) => text.replaceAll(url, modules[at]?.path ?? file), written)
  const sentence = message.replace(/data:text\/javascript;base64,[\w+/=]*/g, 'seqlab')
  const stack = error instanceof Error ? (error.stack ?? '') : ''
  const importer = modules.find((_, at) => stack.startsWith(urls[at] ?? ' '))
  const place = placeInStack(error, modules) ?? { file: importer?.path ?? file }
  const [, line] = /^data:[^\n]*:(\d+)\n/.exec(stack) ?? []
  return refusal({ ...place, ...(line !== undefined && { line: Number(line) }) }, sentence, { cause: error })
}

/** The first place of a stack that is in one of the modules. */
function placeInStack(error: unknown, modules: readonly OwnModule[]): Place | undefined {
  const stack = error instanceof Error ? (error.stack ?? '') : ''
  const frames = modules.flatMap(({ path }) => {
    const name = sourceUrl(path)
    const at = stack.indexOf(`${name}:`)
    const [, line, column] = at === -1 ? [] : (/^:(\d+):(\d+)/.exec(stack.slice(at + name.length)) ?? [])
    return line === undefined ? [] : [{ at, place: { file: path, line: Number(line), column: Number(column) } }]
  })
  return frames.sort((left, right) => left.at - right.at)[0]?.place
}

/** The same as text, where the stack tells one. */
export function placeText(error: unknown, { file, modules }: OwnFile): string {
  return formatPlace(placeInStack(error, modules) ?? { file })
}
