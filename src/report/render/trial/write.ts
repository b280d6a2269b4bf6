import { existsSync } from 'node:fs'
import { dirname, relative } from 'node:path'
import { runErrorOrThrow } from '../../../core/checked-json.js'
import {
  comparisonPath,
  openedFor,
  type RunRecord,
  readSamples,
  readStudy,
  readWhatIsWhole,
  runsIndexPath,
  trialPath,
} from '../../../store/index.js'
import { joinersOf } from '../../analysis/joiners.js'
import { thisMachine } from '../../analysis/machine.js'
import { metricLookup } from '../../analysis/metrics.js'
import { formingOf } from '../../analysis/samples/frames.js'
import { healthOf } from '../../analysis/trial/health.js'
import type { TrialReportInput } from '../../analysis/trial/input.js'
import { defaultPlayground, type PlaygroundChoice, playgroundOf } from '../../analysis/trial/playground.js'
import { addressOf } from '../address.js'
import { writePage } from '../page/seal.js'
import { builtScript } from '../script.js'

interface WrittenReport {
  /** Of the page; none where the record could not be read. */
  readonly path?: string
  /** Damaged or missing files, in words. */
  readonly problems: readonly string[]
  /** Why the trained model is not to be trusted, in words. */
  readonly concerns: readonly string[]
}

/** To pages that exist; a study of several results gets a comparison at its end. */
function linksOf(trialDirectory: string): NonNullable<TrialReportInput['links']> {
  const study = dirname(trialDirectory)
  const addressIn = (path: string) => addressOf(relative(trialDirectory, path))
  const [comparison, index] = [comparisonPath(study, 'html'), runsIndexPath(dirname(study))]
  const planned = readStudy(study).file?.trials.flatMap(({ evaluations }) => evaluations) ?? []
  return {
    ...(existsSync(index) && { index: addressIn(index) }),
    ...((planned.length > 1 || existsSync(comparison)) && { comparison: addressIn(comparison) }),
  }
}

/** Samples that cannot be read take nothing else of the page with them. */
async function formingIn(directory: string, { spec }: RunRecord): Promise<Pick<TrialReportInput, 'forming'>> {
  try {
    const samples = await readSamples(directory)
    const forming = samples && formingOf({ ...spec }, samples)
    return forming === undefined ? {} : { forming }
  } catch (error) {
    return { forming: { problem: runErrorOrThrow(error).message } }
  }
}

interface ReportChoices {
  /** What writes the page: its version, else this one. */
  readonly program?: string
  /** Where the page is written to; else into the trial's folder. */
  readonly path?: string
  readonly playground?: PlaygroundChoice
}

/** Writes a published trial's `report.html` from those of its files that are whole; draws only what is not there yet. */
export async function writeTrialReport(
  trialDirectory: string,
  { program, path = trialPath(trialDirectory, 'page'), playground: choice = defaultPlayground }: ReportChoices = {},
): Promise<WrittenReport> {
  const { record, metrics: lines, predictions, problems } = await readWhatIsWhole(trialDirectory)
  if (record === undefined) return { problems, concerns: [] }
  // The command that trained it, and its machine.
  const { command, machine } = openedFor(dirname(trialDirectory), record.trialId) ?? {}
  const shown = {
    record,
    lines,
    predictions,
    machine: machine ?? `${thisMachine()} (wrote this page)`,
    ...(command === undefined ? {} : { command }),
    ...(problems.length > 0 && { problems }),
    ...(await formingIn(trialDirectory, record)),
    // Elsewhere (a page drawn for the live server) they would lead nowhere.
    ...(dirname(path) === trialDirectory && { links: linksOf(trialDirectory) }),
  }
  const input = { ...shown, metrics: metricLookup(record.spec.metrics), joiners: joinersOf(record.spec) }
  const bad = healthOf(input).filter(({ level }) => level === 'bad')
  const draw = async () => {
    const { trialReportHtml } = await import('./page.js')
    const scripts = { trial: builtScript('trial'), playground: builtScript('playground') }
    return trialReportHtml(input, scripts, playgroundOf(trialDirectory, record, choice))
  }
  await writePage(path, { from: { ...shown, choice }, draw, program })
  return { path, problems, concerns: record.status === 'completed' ? bad.map(({ text }) => text) : [] }
}
