import { toPlainError } from '../core/errors.js'
import { missingEnsembles } from '../report/analysis/comparison/published/missing.js'
import { findTrials } from '../report/analysis/comparison/read.js'
import { versions } from '../runner/versions.js'
import { readStudy } from '../store/index.js'

/**
 * Evaluates the ensembles that a finished study's published figures ask for and that are not there yet. What cannot be
 * evaluated is a warning: the trials' own results are on disk.
 */
export async function evaluateEnsembles(directory: string, warn: (message: string) => void): Promise<void> {
  const { file, trials } = readStudy(directory)
  if (file?.published?.figures.some(({ ensemble }) => ensemble) !== true) return
  if (trials.some(({ state }) => state !== 'published')) return
  // Few studies ask for one: the others need not load what predicts.
  const { evaluateEnsemble } = await import('../inference/evaluation/ensemble.js')
  for (const { id, trials: members } of missingEnsembles(await findTrials([directory]))) {
    const [{ record, dataDir = '' } = { record: undefined }] = members
    try {
      await evaluateEnsemble({ study: directory, id, trials: members, dataDir, versions: versions(), warn })
    } catch (error) {
      const { message } = toPlainError(error)
      warn(`Could not evaluate the models of ${record?.label ?? id} together: ${message}`)
    }
  }
}
