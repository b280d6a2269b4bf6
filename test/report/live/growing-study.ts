import { appendFileSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { attemptStartPath } from '../../../src/store/layout.js'
import { formatLine, type LedgerEntry } from '../../../src/store/study/ledger.js'
import { takeLock } from '../../../src/store/study/lock.js'
import { writeStudyFile } from '../../../src/store/study/study-file.js'
import type { MetricsLine } from '../../../src/train/types.js'
import type { MadeUp } from '../made-up.js'
import { plannedTrial, writeTrial } from '../study.js'

/** A study of invented trials that this process works on, file by file as a coordinator does. */
export interface GrowingStudy {
  readonly directory: string
  /** `at`: the step that it continues from. */
  start(id: string, attempt?: number, at?: number): void
  record(id: string, lines: readonly MetricsLine[], attempt?: number): void
  publish(id: string, trial: MadeUp): Promise<void>
  /** The process that works on it ends. */
  leave(): void
}

const settings = {
  task: { type: 'transduce' },
  train: { steps: 1000, validate: { every: 100, select: [{ type: 'per' }] } },
}

export async function growingStudy(
  runs: string,
  name: string,
  trials: readonly { readonly id: string; readonly label: string; readonly seed: number }[],
): Promise<GrowingStudy> {
  const directory = join(runs, name)
  mkdirSync(directory, { recursive: true })
  const planned = trials.map(({ id, label, seed }) => ({ ...plannedTrial(id, label, seed), settings: 's' }))
  writeStudyFile(directory, {
    ...{ schemaVersion: 2, study: name, trials: planned, earlier: [], settings: { s: settings } },
    ...{ claims: [], versions: {}, mixed: [] },
  })
  const append = (entry: LedgerEntry) => appendFileSync(join(directory, 'ledger.jsonl'), formatLine(entry))
  const lock = await takeLock(directory, 'a test')
  append({ kind: 'opened', pid: process.pid, host: 'here', machine: '', command: '', cwd: '' })
  const folderOf = (id: string, attempt: number) => join(directory, 'attempts', id, String(attempt))
  return {
    directory,
    start: (id, attempt = 1, at) => {
      append({ kind: 'started', trialId: id, attempt })
      mkdirSync(folderOf(id, attempt), { recursive: true })
      writeFileSync(join(folderOf(id, attempt), 'spec.yaml'), '')
      if (at !== undefined) writeFileSync(attemptStartPath(folderOf(id, attempt)), JSON.stringify({ step: at }))
    },
    record: (id, lines, attempt = 1) => {
      const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('')
      appendFileSync(join(folderOf(id, attempt), 'metrics.jsonl'), text)
    },
    publish: async (id, trial) => {
      const { record } = trial
      await writeTrial(directory, { ...trial, record: { ...record, trialId: `${id}.new` } })
      renameSync(join(directory, `${id}.new`), join(directory, id))
      append({ kind: 'publish', trialId: id, attempt: 1, manifest: '' })
    },
    leave: lock.release,
  }
}

/** Training lines of the steps, and a validation at each hundredth. */
export function linesOf(from: number, to: number): MetricsLine[] {
  const steps = Array.from({ length: to - from }, (_, at) => from + at + 1)
  return steps.flatMap((step): MetricsLine[] => {
    const train = { kind: 'train', step, epoch: 0, loss: 5 / step, gradientNorm: 1, learningRate: 0.1 } as const
    if (step % 100 !== 0) return [train]
    const metrics = { per: 20 / step, wer: 50 / step }
    return [train, { kind: 'validation', step, loss: 6 / step, metrics, best: true }]
  })
}
