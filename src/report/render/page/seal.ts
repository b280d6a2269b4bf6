// A page says what it was drawn from and has its own checksum, so that a run that changes nothing draws nothing again.
import { readFileIfPresent, systemErrorCode, writeFileDurably } from '../../../core/files.js'
import { sha256 } from '../../../core/hash.js'
import { programDigest } from '../../../core/program.js'

interface Drawing {
  /** Everything that the page shows, as JSON. */
  readonly from: unknown
  /** The page: its first line is its doctype. */
  readonly draw: () => string | Promise<string>
  /** Digest of the program that draws; without one, what it would draw is not known before it is drawn. */
  readonly program?: string | undefined
}

/** Writes a page, unless the one that is there is whole and shows the same, drawn by the same program. */
export async function writePage(path: string, { from, draw, program = programDigest() }: Drawing): Promise<void> {
  if (program === undefined) return writeFileDurably(path, await draw())
  const drawnFrom = sha256(JSON.stringify([program, from]))
  if (!isSealed(textOf(path), drawnFrom)) writeFileDurably(path, sealed(await draw(), drawnFrom))
}

/** With the seal, a comment, as its second line. */
function sealed(page: string, drawnFrom: string): string {
  const end = page.indexOf('\n') + 1
  return `${page.slice(0, end)}<!-- drawn from ${drawnFrom}, page ${sha256(page)} -->\n${page.slice(end)}`
}

function isSealed(page: string, drawnFrom: string): boolean {
  const [doctype = '', , ...rest] = page.split('\n')
  return page === sealed([doctype, ...rest].join('\n'), drawnFrom)
}

/** '' where no page can be read. */
function textOf(path: string): string {
  try {
    return readFileIfPresent(path)?.toString('utf8') ?? ''
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error
    return ''
  }
}
