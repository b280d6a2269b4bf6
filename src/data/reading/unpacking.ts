import { dataError } from '../data-error.js'

/** What zlib calls a stream that ends before its end. */
const endsEarly = 'Z_BUF_ERROR'

/** Why a gzipped file cannot be unpacked, as its reader throws it. */
export function notUnpacked(path: string, cause: unknown): Error {
  if (codeOf(cause) === endsEarly) {
    return dataError(path, 'the gzipped file is cut off: it ends before its text does', {
      hint: 'get or pack the file again',
      cause,
    })
  }
  return dataError(path, `cannot be unpacked: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
}

/** Whether an error of reading is one of unpacking. */
export function isUnpacking(cause: unknown): boolean {
  return codeOf(cause)?.startsWith('Z_') === true
}

function codeOf(cause: unknown): string | undefined {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : undefined
}
