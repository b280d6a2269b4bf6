// What earlier rounds left in test/mutation/.
import { existsSync, readFileSync } from 'node:fs'

/** What of an area's record a further round needs. */
export interface LastRecord {
  readonly survivors: readonly { readonly id: string }[]
  /** Digest of each changed file's text. */
  readonly files?: Readonly<Record<string, string>>
}

export function recordPath(area: string): string {
  return `test/mutation/${area}.json`
}

/** The last round's record; without survivors and files where there was none. */
export function lastRecord(area: string): LastRecord {
  return read(recordPath(area)) ?? { survivors: [] }
}

/** Why some survivors are left, by their ids. */
export function reasonsOf(area: string): Readonly<Record<string, string>> {
  return read(`test/mutation/reasons/${area}.json`) ?? {}
}

function read(path: string) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined
}
