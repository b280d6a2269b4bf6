import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PredictionLine } from '../../../../train/types.js'
import { testLines } from '../../../comparison/lines.js'
import type { FoundTrial } from '../../../comparison/read.js'

/** The test examples of one trial in full; none where it has no predictions. */
export function examplesOf(trial: FoundTrial | undefined): PredictionLine[] {
  if (trial === undefined) return []
  const path = join(trial.directory, 'predictions.jsonl')
  return existsSync(path) ? testLines(readFileSync(path, 'utf8')) : []
}
