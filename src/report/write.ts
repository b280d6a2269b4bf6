import { dirname } from 'node:path'
import { writeFileDurably } from '../core/files.js'
import { lastOpened, readTrial, trialPath } from '../store/index.js'
import { joinersOf } from './joiners.js'
import { thisMachine } from './machine.js'
import { metricLookup } from './metrics.js'
import { trialReportHtml } from './trial.js'

export interface WrittenReport {
  /** Where the page is; none where there was no whole record to make it from. */
  readonly path?: string
  /** Damaged or missing files, in words. */
  readonly problems: readonly string[]
}

/** Writes `report.html` of a published trial, from what is on the disk. */
export async function writeTrialReport(trialDirectory: string): Promise<WrittenReport> {
  const { record, metrics: lines, predictions, problems } = await readTrial(trialDirectory)
  if (record === undefined) return { problems }
  // The last command that worked on its study, and its machine.
  const { command, machine } = lastOpened(dirname(trialDirectory)) ?? {}
  const page = trialReportHtml({
    record,
    lines,
    predictions,
    metrics: metricLookup(record.spec.metrics),
    joiners: joinersOf(record.spec),
    machine: machine ?? `${thisMachine()} (where this page was written)`,
    ...(command === undefined ? {} : { command }),
  })
  const path = trialPath(trialDirectory, 'page')
  writeFileDurably(path, page)
  return { path, problems }
}
