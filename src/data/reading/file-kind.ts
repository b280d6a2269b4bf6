import { open } from 'node:fs/promises'
import { resolve } from 'node:path'
import { constants, gunzipSync } from 'node:zlib'
import { SeqlabError } from '../../core/errors.js'
import { readLines, splitLines } from './files.js'

/** What a file seems to be, which a source could not read. */
interface Kind {
  /** The source that reads it. */
  readonly source?: string
  readonly hint: string
  /** Whether this is a better answer than any other. */
  readonly sure: boolean
}

/** As many lines tell a kind. */
const looked = 40

/** What lines of text seem to be; undefined for an empty text. */
function kindOfLines(lines: readonly string[]): Kind | undefined {
  const filled = lines.filter((line) => line.trim() !== '')
  const [first = ''] = filled
  if (first === '') return undefined
  const every = (pattern: RegExp) => filled.every((line) => pattern.test(line))
  if (/^\s*<(!doctype|html|\?xml)/i.test(first))
    return { sure: true, hint: 'this is a web page or XML, not a file of data: did a download give a page instead?' }
  if (every(/^\s*\{.*\}\s*$/)) return ofSource('jsonl', 'JSON lines', true)
  if (/^\s*\[\s*(\{|$)/.test(first))
    return {
      source: 'jsonl',
      sure: true,
      hint: 'this looks like one JSON list: jq -c ".[]" FILE makes lines for `jsonl`',
    }
  if (filled.some((line) => /^\d+\t([^\t]*\t){8}[^\t]*$/.test(line))) return ofSource('conllu', 'CoNLL-U', true)
  if (every(/^IN: .* OUT: /)) return ofSource('scan', 'SCAN', true)
  if (every(/^BOS .* EOS\t/)) return ofSource('tagged', 'ATIS', true, ' with format: atis')
  return columnsKind(lines, filled)
}

function columnsKind(lines: readonly string[], filled: readonly string[]): Kind {
  const haveAsMany = (separator: string | RegExp) => areColumns(filled, separator)
  const isBlocks = lines.length > filled.length
  if (isBlocks && (haveAsMany('\t') || haveAsMany(/ +/)))
    return ofSource('tagged', 'a token and its columns a line', false)
  if (haveAsMany('\t')) return ofSource('tsv', 'columns separated by tabs', false)
  const unquoted = filled.map((line) => line.replaceAll(/"[^"]*"/g, ''))
  for (const separator of ',;|') {
    if (!areColumns(unquoted, separator)) continue
    const more = separator === ',' ? '' : ` with separator: "${separator}"`
    return ofSource('csv', 'CSV', false, more)
  }
  const hint = 'this looks like plain text: `text` reads it for a language model, `parallel` two files line by line'
  return { source: 'text', sure: false, hint }
}

/** Whether every line has as many columns, and more than one. */
function areColumns(lines: readonly string[], separator: string | RegExp): boolean {
  const counts = new Set(lines.map((line) => line.split(separator).length))
  return counts.size === 1 && !counts.has(1)
}

function ofSource(source: string, what: string, sure: boolean, more = ''): Kind {
  return { source, sure, hint: `this looks like ${what}: the source \`${source}\` reads it${more}` }
}

/** What a line of a source's own has: a file with one broken line is no file of another kind. */
const own: Readonly<Record<string, RegExp>> = {
  ...{ tsv: /\t/, csv: /[,;|]/, series: /[,;|]/, tagged: /^\s*$/ },
  ...{ jsonl: /^\s*\{/, conllu: /^\d+\t/, scan: /^IN:/ },
}

/** What the beginning of files seems to be that a source takes for any text, by file, where another source is meant for them. */
export async function otherKinds(
  source: string,
  files: readonly string[],
  baseDir: string,
): Promise<{ readonly otherKind?: Readonly<Record<string, string>> }> {
  const found: [file: string, hint: string][] = []
  for (const file of files) {
    const lines = await beginningOf(file, baseDir)
    const kind = kindOfLines(lines)
    if (kind === undefined || kind.source === source || kind.source === 'text') continue
    // Columns are believed of many lines alone, and of no table that another separator divides too.
    const isDoubtful = lines.filter((line) => line.trim() !== '').length < fewest || tables.includes(source)
    if (kind.sure || !isDoubtful) found.push([file, kind.hint])
  }
  return found.length === 0 ? {} : { otherKind: Object.fromEntries(found) }
}

const tables = ['tsv', 'csv']
const fewest = 10

/** The first whole lines; none where they cannot be read. */
async function beginningOf(file: string, baseDir: string): Promise<string[]> {
  const text = await beginning(resolve(baseDir, file)).catch(() => '')
  const lines = splitLines(text)
  return lines.slice(0, Math.min(looked, lines.length - 1))
}

const lookedBytes = 64 * 1024

async function beginning(path: string): Promise<string> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(lookedBytes), 0, lookedBytes, 0)
    const bytes = buffer.subarray(0, bytesRead)
    const gzipped = bytes[0] === 0x1f && bytes[1] === 0x8b
    return `${gzipped ? gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH }) : bytes}`.replace(/^\ufeff/, '')
  } finally {
    await file.close()
  }
}

/** An error of a source that could not read a file, with the source that reads such a file where that is another one. */
export async function withRightSource(error: unknown, source: string, path: string, baseDir: string): Promise<unknown> {
  if (!(error instanceof SeqlabError) || error.code !== 'data') return error
  const lines = (await readLines(path, baseDir).catch(() => [])).slice(0, looked)
  const kind = kindOfLines(lines)
  if (kind === undefined || kind.source === source) return error
  const isDoubtful = error.hint !== undefined || lines.length < 3 || lines.some((line) => own[source]?.test(line))
  if (!kind.sure && isDoubtful) return error
  const { hint } = kind
  const problems = error.problems.map((problem) => ({ ...problem, hint }))
  return new SeqlabError('data', error.message, { problems, hint, cause: error })
}
