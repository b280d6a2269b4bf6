import { readPredictions } from '../../../../store/index.js'
import type { PredictionLine } from '../../../../train/types.js'
import type { FoundTrial } from '../read-trial.js'

/** The test examples of one trial's evaluation in full; none where it has no predictions. */
export function examplesOf(trial: Pick<FoundTrial, 'directory' | 'evaluation'> | undefined): PredictionLine[] {
  if (trial?.evaluation === undefined) return []
  return readPredictions(trial.directory, trial.evaluation).filter(({ split }) => split === 'test')
}
