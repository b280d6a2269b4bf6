// What the last round says of a change, so that it need not be tried again.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { mutantsOf } from './mutants.js'
import type { Outcome } from './report.js'
import { digestOf, identify } from './report.js'
import { isSampled } from './sample.js'
import type { Change } from './work.js'

/**
 * `noticed`: by the last round, in a line that is still the same. `left`: not noticed, and there is a reason why. `open`: not
 * noticed, without a reason. Undefined: never tried.
 */
export type Standing = 'noticed' | 'left' | 'open' | undefined

/** What a round said of changes; of lines that are new since, nothing. */
export function standings(
  last: Pick<Outcome, 'files' | 'survivors' | 'every'>,
  reasons: Readonly<Record<string, string>>,
): (change: Change) => Standing {
  const survivors = new Set(last.survivors.map(({ id }) => id))
  const ids = new Map<string, ReadonlySet<string>>()
  const triedIn = (file: string) => {
    const known = ids.get(file) ?? triedOf(file, textThen(file, last.files[file]), last.every ?? 1)
    ids.set(file, known)
    return known
  }
  return ({ path, ...mutant }) => {
    const file = relative('', path)
    const { id } = identify(file, readFileSync(path, 'utf8'), mutant)
    if (survivors.has(id)) return reasons[id] === undefined ? 'open' : 'left'
    return triedIn(file).has(id) ? 'noticed' : undefined
  }
}

/** Ids of the changes to a file that a round of every so-many-th tried. */
function triedOf(file: string, text: string | undefined, every: number): ReadonlySet<string> {
  const ids = text === undefined ? [] : mutantsOf(text).map((mutant) => identify(file, text, mutant).id)
  return new Set(ids.filter((id, at) => at === 0 || isSampled(id, every)))
}

/** A file's text when it had this digest: as it is, or as a commit has it. */
function textThen(file: string, digest: string | undefined): string | undefined {
  const now = readFileSync(file, 'utf8')
  if (digest === undefined || digestOf(now) === digest) return digest === undefined ? undefined : now
  const git = (...command: string[]) => execFileSync('git', command, { encoding: 'utf8' })
  const commits = git('log', '--format=%H', '-n', '50', '--', file).split('\n').filter(Boolean)
  return commits.map((commit) => git('show', `${commit}:${file}`)).find((text) => digestOf(text) === digest)
}
