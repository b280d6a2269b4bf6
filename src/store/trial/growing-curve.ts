// The curve of an attempt that another machine computes, as far as that machine tells it: for who looks meanwhile. The attempt's
// own metrics.jsonl takes its place with its checkpoints and its result.
import { appendFileSync, existsSync } from 'node:fs'
import { readFileIfPresent } from '../../core/files.js'
import { jsonLine } from '../../core/json.js'
import type { MetricsLine } from '../../train/types.js'
import { trialPath } from '../layout.js'
import { metricsLineOf } from './lines.js'

/** Adds a line to an attempt's curve, which begins with what it continues: the curve of the first such folder before that step. */
export function growCurve(directory: string, line: MetricsLine, resumeFrom: readonly string[]): void {
  const path = trialPath(directory, 'metrics')
  const before = existsSync(path) ? '' : earlier(resumeFrom, line.step)
  appendFileSync(path, `${before}${jsonLine(line)}\n`)
}

function earlier(resumeFrom: readonly string[], step: number): string {
  const from = resumeFrom.map((folder) => trialPath(folder, 'metrics')).find((path) => existsSync(path))
  const lines = (from === undefined ? '' : (readFileIfPresent(from)?.toString('utf8') ?? '')).split('\n')
  const isBefore = (text: string) => (metricsLineOf(text)?.step ?? step) < step
  return lines
    .filter(isBefore)
    .map((text) => `${text}\n`)
    .join('')
}
