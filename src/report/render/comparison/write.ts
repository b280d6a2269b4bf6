import { existsSync } from 'node:fs'
import { basename, dirname, relative } from 'node:path'
import { writeFileDurably } from '../../../core/files.js'
import { jsonText } from '../../../core/json.js'
import { comparisonPath, runsIndexPath } from '../../../store/index.js'
import { verdictText } from '../../analysis/comparison/claims/verdict.js'
import { compare } from '../../analysis/comparison/compare.js'
import { headline } from '../../analysis/comparison/headline.js'
import { type GroupPlayground, playgroundsOf } from '../../analysis/comparison/playgrounds.js'
import { findTrials } from '../../analysis/comparison/read.js'
import type { ComparisonReport } from '../../analysis/comparison/types.js'
import { defaultPlayground, type PlaygroundChoice } from '../../analysis/trial/playground.js'
import { addressOf } from '../address.js'
import { writePage } from '../page/seal.js'
import { builtScript } from '../script.js'
import { comparisonCsv } from './csv.js'
import { type Format, formats } from './formats.js'
import { linksFrom } from './links.js'
import { comparisonMarkdown } from './markdown.js'
import { type ComparisonLinks, noLinks } from './page-links.js'

/** The comparison in one of its formats; a page has the `links` and the models. */
export async function formatComparison(
  report: ComparisonReport,
  format: Format,
  links: ComparisonLinks = noLinks,
  playgrounds: readonly GroupPlayground[] = [],
): Promise<string> {
  if (format === 'md') return comparisonMarkdown(report)
  if (format === 'csv') return comparisonCsv(report)
  // What draws takes long to load.
  if (format !== 'html') return jsonText(report)
  const { comparisonHtml } = await import('./html.js')
  const scripts = { page: builtScript('page'), playground: builtScript('playground') }
  return comparisonHtml(report, scripts, links, playgrounds)
}

interface WrittenComparison {
  readonly paths: readonly string[]
  /** The answers in words. */
  readonly headline: readonly string[]
  /** The verdict on each of the study's claims, in words. */
  readonly claims: readonly string[]
  /** Published figures beside ours, in words. */
  readonly published: readonly string[]
  /** What could not be read, in words. */
  readonly problems: readonly string[]
  readonly report: ComparisonReport
}

interface ComparisonChoices {
  /** The command that writes it. */
  readonly command?: string
  /** What writes the page: its version, else this one. */
  readonly program?: string
  readonly playground?: PlaygroundChoice
}

/** Writes comparison.{html,md,csv,json} into a study's directory, from its trials on disk; unfinished studies too. */
export async function writeComparison(
  studyDirectory: string,
  {
    command = `seqlab compare ${studyDirectory}`,
    program,
    playground: choice = defaultPlayground,
  }: ComparisonChoices = {},
): Promise<WrittenComparison> {
  const report = compare(await findTrials([studyDirectory]), { command })
  const pathOf = (format: Format) => comparisonPath(studyDirectory, format)
  const others = formats.filter((format) => format !== 'html')
  for (const format of others) writeFileDurably(pathOf(format), await formatComparison(report, format))
  // Last, so that what it links to exists.
  const index = runsIndexPath(dirname(studyDirectory))
  const links: ComparisonLinks = {
    files: others.map((format) => basename(pathOf(format))),
    reports: linksFrom(studyDirectory, report),
    ...(existsSync(index) && { index: addressOf(relative(studyDirectory, index)) }),
  }
  const playgrounds = await playgroundsOf(report, choice)
  const draw = () => formatComparison(report, 'html', links, playgrounds)
  await writePage(pathOf('html'), { from: { report, links, playgrounds }, draw, program })
  const paths = formats.map(pathOf)
  const problems = report.skipped.map(({ path, reason }) => `${path}: ${reason}`)
  const published = report.published.map(({ text }) => text)
  return { paths, headline: headline(report), claims: report.claims.map(verdictText), published, problems, report }
}
