import { existsSync } from 'node:fs'
import { dirname, relative } from 'node:path'
import { trialPath } from '../../../store/index.js'
import type { ComparisonReport } from '../../analysis/comparison/types.js'
import { addressOf } from '../address.js'
import { type ComparisonLinks, noLinks } from './page-links.js'

/** Addresses from a folder, of pages that exist. */
export function linksFrom(folder: string, { groups }: ComparisonReport): ComparisonLinks['reports'] {
  const directories = groups.flatMap(({ trials }) => trials.map(({ directory }) => directory))
  return Object.fromEntries(
    [...new Set(directories)].flatMap((directory) => {
      const page = trialPath(directory, 'page')
      return existsSync(page) ? [[directory, addressOf(relative(folder, page))]] : []
    }),
  )
}

/** Of a comparison that is written to a file: to pages of trials alone; none of one that is printed. */
export function links(file: string | undefined, report: ComparisonReport): ComparisonLinks {
  return file === undefined ? noLinks : { files: [], reports: linksFrom(dirname(file), report) }
}
