import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { stringify } from 'yaml'

/** A study of two cells as a file, for the built command. */
export function writeStudy(
  directory: string,
  { steps, seeds, minutes }: { readonly steps: number; readonly seeds: number; readonly minutes?: number },
): string {
  const file = join(directory, 'study.yaml')
  writeFileSync(
    file,
    stringify({
      extends: resolve(import.meta.dirname, '../spec/broken/base.yaml'),
      train: { validate: { every: 500 } },
      grid: { 'model.encoder.cell': ['gru', 'elman'] },
      seeds,
      budget: { steps, ...(minutes === undefined ? {} : { minutes }) },
    }),
  )
  return file
}
