import { dirname } from 'node:path'
import { openedFor, readTrial, trialPath } from '../../../store/index.js'
import { joinersOf } from '../../analysis/joiners.js'
import { thisMachine } from '../../analysis/machine.js'
import { metricLookup } from '../../analysis/metrics.js'
import { healthOf } from '../../analysis/trial/health.js'
import { defaultPlayground, type PlaygroundChoice, playgroundOf } from '../../analysis/trial/playground.js'
import { pageScript } from '../page/script.js'
import { writePage } from '../page/seal.js'

interface WrittenReport {
  /** Of the page; none where the record could not be read. */
  readonly path?: string
  /** Damaged or missing files, in words. */
  readonly problems: readonly string[]
  /** Why the trained model is not to be trusted, in words. */
  readonly concerns: readonly string[]
}

/** Writes `report.html` into a published trial's directory, from its files on disk; draws only what is not there yet. */
export async function writeTrialReport(
  trialDirectory: string,
  program?: string,
  choice: PlaygroundChoice = defaultPlayground,
): Promise<WrittenReport> {
  const { record, metrics: lines, predictions, problems } = await readTrial(trialDirectory)
  if (record === undefined) return { problems, concerns: [] }
  // The command that trained it, and its machine.
  const { command, machine } = openedFor(dirname(trialDirectory), record.trialId) ?? {}
  const shown = {
    record,
    lines,
    predictions,
    machine: machine ?? `${thisMachine()} (wrote this page)`,
    ...(command === undefined ? {} : { command }),
  }
  const input = { ...shown, metrics: metricLookup(record.spec.metrics), joiners: joinersOf(record.spec) }
  const bad = healthOf(input).filter(({ level }) => level === 'bad')
  const path = trialPath(trialDirectory, 'page')
  const draw = async () => {
    const { trialReportHtml } = await import('./page.js')
    return trialReportHtml(input, playgroundOf(trialDirectory, record, choice), pageScript('playground'))
  }
  await writePage(path, { from: { ...shown, choice }, draw, program })
  return { path, problems, concerns: record.status === 'completed' ? bad.map(({ text }) => text) : [] }
}
