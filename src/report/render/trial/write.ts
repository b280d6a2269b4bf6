import { dirname, join } from 'node:path'
import { writeFileDurably } from '../../../runner/files.js'
import { ledgerName, readLedger } from '../../../runner/ledger.js'
import { readRun } from '../../../runner/read.js'
import { joinersOf } from '../../analysis/joiners.js'
import { thisMachine } from '../../analysis/machine.js'
import { metricLookup } from '../../analysis/metrics.js'
import { trialReportHtml } from './page.js'

interface WrittenReport {
  /** Of the page; none where the record could not be read. */
  readonly path?: string
  /** Damaged or missing files, in words. */
  readonly problems: readonly string[]
}

/** Writes `report.html` into a published trial's directory, from its files on disk. */
export async function writeTrialReport(trialDirectory: string): Promise<WrittenReport> {
  const { record, metrics: lines, predictions, problems } = await readRun(trialDirectory)
  if (record === undefined) return { problems }
  const page = trialReportHtml({
    record,
    lines,
    predictions,
    metrics: metricLookup(record.spec.metrics),
    joiners: joinersOf(record.spec),
    machine: `${thisMachine()} (wrote this page)`,
    ...commandOf(dirname(trialDirectory)),
  })
  const path = join(trialDirectory, 'report.html')
  writeFileDurably(path, page)
  return { path, problems }
}

/** The last command that worked on a study, and its machine, from the ledger. */
function commandOf(studyDirectory: string): { readonly command?: string; readonly machine?: string } {
  const opened = readLedger(join(studyDirectory, ledgerName)).entries.findLast(({ kind }) => kind === 'opened')
  return opened?.kind === 'opened' ? { command: opened.command, machine: opened.machine } : {}
}
