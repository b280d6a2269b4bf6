import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { identify } from './report.js'
import type { Change } from './work.js'

/**
 * Every n-th change or so, and the first of each file. By the changes' ids, so that a change stays in the sample or out of it
 * while others come and go.
 */
export function sampleOf(changes: readonly Change[], every: number): readonly Change[] {
  const seen = new Set<string>()
  return changes.filter(({ path, ...mutant }) => {
    const isFirst = !seen.has(path)
    seen.add(path)
    if (isFirst || every === 1) return true
    return isSampled(identify(relative('', path), readFileSync(path, 'utf8'), mutant).id, every)
  })
}

/** Whether a change that is not the first of its file is in the sample. */
export function isSampled(id: string, every: number): boolean {
  return Number.parseInt(id, 16) % every === 0
}
