import { readFileSync } from 'node:fs'
import { SeqlabError } from '../../../core/errors.js'
import { verdictText } from '../../analysis/comparison/claims/verdict.js'
import { compare } from '../../analysis/comparison/compare.js'
import { headline } from '../../analysis/comparison/headline.js'
import { findTrials } from '../../analysis/comparison/read.js'
import { formatComparison } from '../../render/comparison/write.js'
import { writeTrialReport } from '../../render/trial/write.js'
import type { Answer, DrawRequest } from './types.js'

/** The pages that runs leave, from what is on disk now; nothing is written among the runs. Throws SeqlabError 'run'. */
export async function draw({ kind, directory, path }: DrawRequest): Promise<string> {
  if (kind === 'report') return report(directory, path)
  const comparison = compare(await findTrials([directory]), { command: `seqlab compare ${directory}` })
  if (kind === 'comparison') return formatComparison(comparison, 'html')
  const answer: Answer = { headline: headline(comparison), claims: comparison.claims.map(verdictText) }
  return JSON.stringify(answer)
}

async function report(directory: string, page: string): Promise<string> {
  const { path, problems } = await writeTrialReport(directory, { path: page })
  if (path === undefined) throw new SeqlabError('run', problems.join('\n'))
  return readFileSync(path, 'utf8')
}
