// What the last round says of a change, so that it need not be tried again.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { mutantsOf } from './mutants.js'
import type { Outcome } from './report.js'
import { digestOf, identify } from './report.js'
import type { Change } from './work.js'

/**
 * `noticed`: by the last round, in a line that is still the same. `left`: not noticed, and there is a reason why. Undefined: to
 * be tried.
 */
export type Standing = 'noticed' | 'left' | undefined

/** What a round said of changes; of lines that are new since, nothing. */
export function standings(
  last: Pick<Outcome, 'files' | 'survivors'>,
  reasons: Readonly<Record<string, string>>,
): (change: Change) => Standing {
  const survivors = new Set(last.survivors.map(({ id }) => id))
  const ids = new Map<string, ReadonlySet<string>>()
  const triedIn = (file: string) => {
    const known = ids.get(file) ?? idsIn(file, textThen(file, last.files[file]))
    ids.set(file, known)
    return known
  }
  return ({ path, ...mutant }) => {
    const file = relative('', path)
    const { id } = identify(file, readFileSync(path, 'utf8'), mutant)
    if (survivors.has(id)) return reasons[id] === undefined ? undefined : 'left'
    return triedIn(file).has(id) ? 'noticed' : undefined
  }
}

function idsIn(file: string, text: string | undefined): ReadonlySet<string> {
  return new Set(text === undefined ? [] : mutantsOf(text).map((mutant) => identify(file, text, mutant).id))
}

/** A file's text when it had this digest: as it is, or as a commit has it. */
function textThen(file: string, digest: string | undefined): string | undefined {
  const now = readFileSync(file, 'utf8')
  if (digest === undefined || digestOf(now) === digest) return digest === undefined ? undefined : now
  const git = (...command: string[]) => execFileSync('git', command, { encoding: 'utf8' })
  const commits = git('log', '--format=%H', '-n', '50', '--', file).split('\n').filter(Boolean)
  return commits.map((commit) => git('show', `${commit}:${file}`)).find((text) => digestOf(text) === digest)
}
