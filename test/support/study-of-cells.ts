import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { RunRecord } from '../../src/store/trial/record.js'

/** A sound spec that trains in well under a second. */
export const base = 'test/spec/broken/base.yaml'

/** Writes a study of two cells with two seeds each into a folder; its path. */
export function studyOfCells(folder: string): string {
  const path = join(folder, 'study.yaml')
  const written = 'grid: { model.encoder.cell: [gru, elman] }\nseeds: 2\nbudget: { steps: 4 }\n'
  writeFileSync(path, `extends: ${resolve(base)}\n${written}`)
  return path
}

/** The records that --json prints, a line each. */
export function recordsIn(stdout: string): readonly RunRecord[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as RunRecord)
}
