import { existsSync } from 'node:fs'
import { basename, relative } from 'node:path'
import { writeFileDurably } from '../../../core/files.js'
import { comparisonPath, type ListedRun, listRuns, runsIndexPath, trialPath } from '../../../store/index.js'
import { addressOf } from '../address.js'
import { type IndexedStudy, runsIndexHtml } from './page.js'

/** Writes index.html into a folder of studies: what ran there, and links to the pages that exist; its path. */
export async function writeRunsIndex(outDir: string): Promise<string> {
  const path = runsIndexPath(outDir)
  writeFileDurably(path, runsIndexHtml(studiesOf(outDir, await listRuns(outDir))))
  return path
}

function studiesOf(outDir: string, runs: readonly ListedRun[]): IndexedStudy[] {
  const addressIn = (path: string) => addressOf(relative(outDir, path))
  return [...new Set(runs.map(({ study }) => study))].map((directory) => {
    const own = runs.filter(({ study }) => study === directory)
    const comparison = comparisonPath(directory, 'html')
    return {
      name: basename(directory),
      runs: own,
      ...(existsSync(comparison) && { comparison: addressIn(comparison) }),
      reports: own.flatMap(({ directory: trial, label, seed }) => {
        const page = trialPath(trial, 'page')
        return existsSync(page) ? [{ name: `${label}, seed ${seed}`, href: addressIn(page) }] : []
      }),
    }
  })
}
