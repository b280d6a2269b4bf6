import { readFileSync } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import { SeqlabError } from '../../../core/errors.js'
import { openTrial } from '../../../store/index.js'
import { verdictText } from '../../analysis/comparison/claims/verdict.js'
import { compare } from '../../analysis/comparison/compare.js'
import { headline } from '../../analysis/comparison/headline.js'
import { playgroundsOf } from '../../analysis/comparison/playgrounds.js'
import { findTrials } from '../../analysis/comparison/read.js'
import type { ComparedTrial } from '../../analysis/comparison/types.js'
import { defaultPlayground, type EmbeddedModel, megabytes, modelIn } from '../../analysis/trial/playground.js'
import { noLinks } from '../../render/comparison/page-links.js'
import { formatComparison } from '../../render/comparison/write.js'
import { writeTrialReport } from '../../render/trial/write.js'
import type { Answer, DrawRequest } from './types.js'

/** The pages that runs leave, from what is on disk now; nothing is written among the runs. Throws SeqlabError 'run'. */
export async function draw({ kind, directory, path }: DrawRequest): Promise<string> {
  if (kind === 'report') return report(directory, path)
  if (kind === 'model') return JSON.stringify(await model(directory))
  const comparison = compare(await findTrials([directory]), { command: `seqlab compare ${directory}` })
  if (kind === 'comparison') {
    const playgrounds = await playgroundsOf(comparison, defaultPlayground, modelAddress)
    return formatComparison(comparison, 'html', noLinks, playgrounds)
  }
  const answer: Answer = { headline: headline(comparison), claims: comparison.claims.map(verdictText) }
  return JSON.stringify(answer)
}

/** Of a trial's model, from the comparison of its study: `model/STUDY/TRIAL` next to `comparison/STUDY`. */
function modelAddress({ directory }: ComparedTrial): string {
  const path = resolve(directory)
  return ['..', 'model', basename(dirname(path)), basename(path)].map(encodeURIComponent).join('/')
}

/** Characters of a model that is sent: it is in memory whole. */
const mostSent = 64_000_000

async function model(directory: string): Promise<EmbeddedModel> {
  const { record } = await openTrial(directory)
  const found = modelIn(directory, record, defaultPlayground.playgroundWeights, mostSent)
  if (found !== undefined && 'model' in found) return found
  if (found === undefined) throw new SeqlabError('run', 'this trial has none')
  const tooLarge = 'tooLarge' in found && `it has ${megabytes(found.tooLarge)}, more than ${megabytes(mostSent)}`
  throw new SeqlabError('run', tooLarge || ('leftOut' in found ? found.leftOut : ''))
}

async function report(directory: string, page: string): Promise<string> {
  const { path, problems } = await writeTrialReport(directory, { path: page })
  if (path === undefined) throw new SeqlabError('run', problems.join('\n'))
  return readFileSync(path, 'utf8')
}
