import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { loadStudy } from '../../../spec/plan/study/load-study.js'
import type { Published } from '../../../spec/types.js'
import { type Reproduction, readReproductionFile } from '../../../store/index.js'

/** A study that sets out to reproduce published results. */
export interface KnownReproduction {
  readonly name: string
  readonly file: string
  readonly published: Published
}

/** The studies in a folder that have published results, by name. */
export function knownReproductions(folder: string): readonly KnownReproduction[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .sort()
    .flatMap((name) => {
      const file = join(folder, name)
      const { published } = loadStudy(file)
      return published === undefined ? [] : [{ name: basename(name, '.yaml'), file, published }]
    })
}

/** The record of one of them that is kept beside it. Throws SeqlabError 'run' where it is damaged. */
export function storedReproduction(folder: string, name: string): Reproduction | undefined {
  return readReproductionFile(join(folder, 'records', `${name}.json`))
}

/** One of them, with what it gave here, or else where its record was made. */
export interface ListedReproduction extends KnownReproduction {
  readonly record: Reproduction | undefined
  /** Whether the record is from runs of this machine's user. */
  readonly own: boolean
}
