import { existsSync } from 'node:fs'
import { basename, join } from 'node:path'
import { SeqlabError } from '../core/errors.js'
import { packageRoot } from '../core/package.js'
import { didYouMean } from '../core/suggest.js'
import {
  knownReproductions,
  type ListedReproduction,
  storedReproduction,
} from '../report/analysis/reproductions/known.js'
import { reproductionOf } from '../report/analysis/reproductions/record.js'
import { isStudyFolder, type Reproduction, readReproduction, studyFolder, writeReproduction } from '../store/index.js'
import type { RunFlags } from './options.js'
import { type SweepFlags, sweep } from './sweep.js'
import { reproductionTable } from './text/reproductions.js'

/** The studies of published results that come with seqlab. */
const folder = join(packageRoot, 'experiments', 'reproductions')

/** Prints every study of published results with its status. */
export function listReproductions({ out, json }: Pick<RunFlags, 'out' | 'json'>): void {
  const listed = knownReproductions(folder).map((known): ListedReproduction => {
    const own = ownRecord(known.name, out)
    return { ...known, record: own ?? storedReproduction(folder, known.name), own: own !== undefined }
  })
  const lines = listed.map(({ name, file, published, record, own }) =>
    JSON.stringify({ name, file, published, record, own }),
  )
  process.stdout.write(`${json ? lines.join('\n') : reproductionTable(listed, process.stdout)}\n`)
}

function ownRecord(study: string, out: string): Reproduction | undefined {
  const directory = join(out, study)
  return isStudyFolder(directory) ? readReproduction(directory) : undefined
}

/** Runs one of them, or any study with a `published` block by its file, and keeps what came out beside what was published. */
export async function reproduce(name: string, flags: Omit<SweepFlags, 'name' | 'pilot' | 'published'>): Promise<void> {
  const plan = await sweep(fileOf(name), { ...flags, published: true })
  // What a cluster has not ended yet is collected, and recorded, by the same command later.
  if (plan === undefined || process.exitCode === 130 || flags.detach) return
  const directory = studyFolder(plan.study, flags.out)
  writeReproduction(directory, reproductionOf(directory))
}

function fileOf(name: string): string {
  if (/\.(ya?ml|json)$/.test(name)) return name
  const file = join(folder, `${name}.yaml`)
  if (existsSync(file)) return file
  const names = knownReproductions(folder).map((known) => known.name)
  throw new SeqlabError('spec', `no study of published results is called ${basename(name)}${didYouMean(name, names)}`, {
    hint: '`seqlab reproduce` lists them; a study of your own is named by its file.',
  })
}
