import module from 'node:module'
import { refusal } from './refusal.js'

/** Whether a path is that of a TypeScript file. */
export function isTypeScript(path: string): boolean {
  return /\.m?ts$/.test(path)
}

/** The first version of Node that reads TypeScript by itself. */
const since = [22, 18] as const

/**
 * TypeScript with its types blanked out, by Node itself: no compiler is installed for it. Throws SeqlabError 'spec' where
 * this version of Node cannot, or the text is no TypeScript of types alone.
 */
export function withoutTypes(path: string, text: string): string {
  const strip: unknown = Reflect.get(module, 'stripTypeScriptTypes')
  if (!readsTypeScript(process.versions.node) || typeof strip !== 'function') {
    throw refusal({ file: path }, `TypeScript needs Node ${since.join('.')}, and this is ${process.versions.node}`, {
      hint: 'Give a file of JavaScript.',
    })
  }
  try {
    return quietly(() => String(strip(text)))
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    const [, line] = /^:(\d+)\n/.exec(error.stack ?? '') ?? []
    throw refusal({ file: path, ...(line !== undefined && { line: Number(line) }) }, error.message, { cause: error })
  }
}

function readsTypeScript(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > since[0] || (major === since[0] && minor >= since[1])
}

/** Node says at the first call that the function is experimental. */
function quietly<T>(work: () => T): T {
  const { emitWarning } = process
  process.emitWarning = () => {}
  try {
    return work()
  } finally {
    process.emitWarning = emitWarning
  }
}
