import type { Place } from '../../core/errors.js'
import { dataError } from '../data-error.js'
import { wideEncoding } from './wide-text.js'

const magics: readonly (readonly [start: string, what: string, hint: string])[] = [
  [
    'PK\u0003\u0004',
    'a zip archive (or a spreadsheet of Excel)',
    'unpack it, or save the sheet as CSV for `csv` or `series`',
  ],
  ['%PDF', 'a PDF document', 'extract its text first'],
  [
    'PAR1',
    'a Parquet file',
    'write it as JSON lines for `jsonl` (pandas: read_parquet(FILE).to_json(NEW, orient="records", lines=True))',
  ],
  ['ARROW1', 'an Arrow file', 'write it as JSON lines for `jsonl` (datasets: to_json)'],
  ['SQLite format 3', 'a database of SQLite', 'export the table as CSV for `csv`'],
  ['BZh', 'packed by bzip2', 'unpack it, or pack it by gzip'],
  ['\u00fd7zXZ', 'packed by xz', 'unpack it, or pack it by gzip'],
  ['(\u00b5/\u00fd', 'packed by zstd', 'unpack it, or pack it by gzip'],
  ['7z\u00bc\u00af', 'a 7z archive', 'unpack it'],
  [
    '\u00d0\u00cf\u0011\u00e0',
    'a document or spreadsheet of an old Office',
    'save the sheet as CSV for `csv` or `series`',
  ],
  ['\u0089PNG', 'a picture', 'seqlab reads text'],
]

interface ByteKind {
  readonly what: string
  readonly hint: string
}

/** What bytes are that are no text in UTF-8, and what to do; undefined where they may be text of another encoding. */
export function kindOfBytes(bytes: Uint8Array): ByteKind | undefined {
  const start = Buffer.from(bytes.subarray(0, 16)).toString('latin1')
  const magic = magics.find(([first]) => start.startsWith(first))
  if (magic !== undefined) return { what: magic[1], hint: magic[2] }
  const wide = wideKind(bytes)
  if (wide !== undefined) return wide
  if (!bytes.subarray(0, 4096).includes(0)) return undefined
  return { what: 'a binary file', hint: 'seqlab reads text in UTF-8' }
}

/** The kind of a text in UTF-16 or UTF-32, which may be UTF-8 to the letter: it has a NUL with each letter that UTF-8 has too. */
export function wideKind(bytes: Uint8Array): ByteKind | undefined {
  const encoding = wideEncoding(bytes)
  if (encoding === undefined) return undefined
  // With a byte order mark the plain name lets iconv read the order from it, and drop it.
  return { what: `text in ${encoding}`, hint: `convert it: iconv -f ${encoding} -t UTF-8 FILE > NEW` }
}

/** What is said of bytes of another kind. */
export function noText(place: Place | string, { what, hint }: ByteKind): Error {
  return dataError(place, `this is no text: it is ${what}`, { hint })
}
