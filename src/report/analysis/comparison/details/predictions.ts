import { readPredictions } from '../../../../store/index.js'
import type { PredictionLine } from '../../../../train/types.js'
import type { FoundTrial } from '../read-trial.js'

/** The test examples of one trial in full; none where it has no predictions. */
export function examplesOf(trial: FoundTrial | undefined): PredictionLine[] {
  return trial === undefined ? [] : readPredictions(trial.directory).filter(({ split }) => split === 'test')
}
