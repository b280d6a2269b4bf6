import { dirname } from 'node:path'
import { writeFileDurably } from '../../../core/files.js'
import { lastOpened, readTrial, trialPath } from '../../../store/index.js'
import { joinersOf } from '../../analysis/joiners.js'
import { thisMachine } from '../../analysis/machine.js'
import { metricLookup } from '../../analysis/metrics.js'
import { healthOf } from '../../analysis/trial/health.js'
import { trialReportHtml } from './page.js'

interface WrittenReport {
  /** Of the page; none where the record could not be read. */
  readonly path?: string
  /** Damaged or missing files, in words. */
  readonly problems: readonly string[]
  /** Why the trained model is not to be trusted, in words. */
  readonly concerns: readonly string[]
}

/** Writes `report.html` into a published trial's directory, from its files on disk. */
export async function writeTrialReport(trialDirectory: string): Promise<WrittenReport> {
  const { record, metrics: lines, predictions, problems } = await readTrial(trialDirectory)
  if (record === undefined) return { problems, concerns: [] }
  // The last command that worked on its study, and its machine.
  const { command, machine } = lastOpened(dirname(trialDirectory)) ?? {}
  const input = {
    record,
    lines,
    predictions,
    metrics: metricLookup(record.spec.metrics),
    joiners: joinersOf(record.spec),
    machine: machine ?? `${thisMachine()} (wrote this page)`,
    ...(command === undefined ? {} : { command }),
  }
  const bad = healthOf(input).filter(({ level }) => level === 'bad')
  const path = trialPath(trialDirectory, 'page')
  writeFileDurably(path, trialReportHtml(input))
  return { path, problems, concerns: record.status === 'completed' ? bad.map(({ text }) => text) : [] }
}
