// What a finished trial does not need any more: the state to continue its training from, its attempts, the alignments of its
// predictions. Like any result, what is left is made in an attempt's folder and put in place by one rename: a crash leaves the
// trial as it was, or as it shall be.
import { copyFileSync, linkSync, mkdirSync, rmSync, statSync, utimesSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { writeFileSynced } from '../../core/files.js'
import { isJsonObject, jsonLine, parseJson } from '../../core/json.js'
import { inParallel, trialsAtATime } from '../../core/parallel.js'
import { digestOf, exists, type FileDigest, listFiles } from '../files.js'
import {
  attemptDirectory,
  attemptsDirectory,
  evaluationDirectory,
  evaluationFileName,
  evaluationPath,
  kindOfPath,
  trialDirectory,
  trialFileName,
  trialPath,
} from '../layout.js'
import { sealJson } from '../sealed-json.js'
import { type EvaluationRecord, readEvaluations, readPredictionsText, writeEvaluation } from '../trial/evaluation.js'
import { type Manifest, readManifest, writeManifest } from '../trial/manifest.js'
import { isFinished } from '../trial/record.js'
import { type LockedStudy, lockStudy } from './open.js'
import { nextAttempt, publishSealed, recover } from './publish.js'
import { readStudy } from './read.js'
import { folderSize, totalBytes } from './size.js'
import { leftovers } from './unfinished.js'

/** Bytes that go, by what they are. */
export interface PrunedBytes {
  readonly checkpoints: number
  readonly attempts: number
  readonly alignments: number
}

export interface PrunedStudy {
  readonly directory: string
  /** Finished trials from which something is removed. */
  readonly trials: number
  readonly bytes: PrunedBytes
  /** Trials that are left as they are, because they are not finished or are damaged: in words. */
  readonly left: readonly string[]
}

/**
 * Removes of every finished trial its training state, its attempts (and evaluations that a killed process left unfinished) and the alignments of its predictions; `dryRun`: says what
 * that would free. Throws SeqlabError 'run' when a live process has the study.
 */
export async function pruneStudy(
  directory: string,
  { command, dryRun = false }: { readonly command: string; readonly dryRun?: boolean },
): Promise<PrunedStudy> {
  const study = await lockStudy(directory, command)
  try {
    const left: string[] = []
    const pruned: PrunedBytes[] = []
    for (const { id, state, begun } of readStudy(directory).trials) {
      const { record, problems } = await recover(study, id)
      if (record !== undefined && isFinished(record)) pruned.push(await pruneTrial(study, id, dryRun))
      else if (problems.length > 0) left.push(`${id} is damaged: ${problems.join('; ')}`)
      else if (begun || state !== 'waiting') left.push(`${id} is not finished: its checkpoint stays, to continue from`)
    }
    const removed = pruned.filter((bytes) => Object.values(bytes).some((count) => count > 0))
    return { directory, trials: removed.length, bytes: removed.reduce(sum, nothing), left }
  } finally {
    study.close()
  }
}

const nothing: PrunedBytes = { checkpoints: 0, attempts: 0, alignments: 0 }

const sum = (a: PrunedBytes, b: PrunedBytes): PrunedBytes => ({
  checkpoints: a.checkpoints + b.checkpoints,
  attempts: a.attempts + b.attempts,
  alignments: a.alignments + b.alignments,
})

async function bytesIn(directories: readonly string[]): Promise<number> {
  const sizes = await inParallel(directories, trialsAtATime, folderSize)
  return sizes.reduce((bytes, size) => bytes + totalBytes(size), 0)
}

async function pruneTrial(study: LockedStudy, trialId: string, dryRun: boolean): Promise<PrunedBytes> {
  const directory = trialDirectory(study.directory, trialId)
  const attempts = attemptsDirectory(study.directory, trialId)
  const unfinished = leftovers(directory)
  const evaluations = await withoutAlignments(directory, trialId)
  const bytes = {
    checkpoints: (await folderSize(directory)).checkpoint,
    attempts: await bytesIn([...((await exists(attempts)) ? [attempts] : []), ...unfinished]),
    alignments: evaluations.reduce((freed, evaluation) => freed + evaluation.freed, 0),
  }
  if (dryRun) return bytes
  for (const leftover of unfinished) rmSync(leftover, { recursive: true, force: true })
  if (bytes.checkpoints + bytes.alignments > 0) await replace(study, trialId, evaluations)
  rmSync(attempts, { recursive: true, force: true })
  return bytes
}

/** An evaluation whose predictions had alignments, without them. */
interface Rewritten {
  readonly evaluation: EvaluationRecord
  readonly predictions: string
  /** Bytes. */
  readonly freed: number
}

async function withoutAlignments(directory: string, trialId: string): Promise<readonly Rewritten[]> {
  const rewritten: Rewritten[] = []
  for (const evaluation of readEvaluations(directory, trialId).evaluations) {
    const text = await readPredictionsText(directory, evaluation)
    const predictions = text.replace(/^.*"alignment":.*$/gm, withoutAlignment)
    const digest = digestOf(predictions)
    const freed = evaluation.predictions.bytes - digest.bytes
    if (freed > 0) rewritten.push({ evaluation: { ...evaluation, predictions: digest }, predictions, freed })
  }
  return rewritten
}

function withoutAlignment(line: string): string {
  const prediction = parseJson(line)
  if (!isJsonObject(prediction)) return line
  const { alignment: _, kept: __, ...rest } = prediction
  return jsonLine(rest)
}

/** Puts a copy in place that lacks the checkpoint, and has the given evaluations in place of the earlier ones. */
async function replace(study: LockedStudy, trialId: string, evaluations: readonly Rewritten[]): Promise<void> {
  const attempt = await nextAttempt(study, trialId)
  const [from, to] = [trialDirectory(study.directory, trialId), attemptDirectory(study.directory, trialId, attempt)]
  const manifest = await readManifest(from)
  const isRewritten = rewrittenNames(evaluations)
  for (const name of await listFiles(from)) {
    if (name === trialFileName('manifest') || kindOfPath(name) === 'checkpoint' || isRewritten(name)) continue
    linkOrCopy(join(from, name), join(to, name))
  }
  for (const { evaluation, predictions } of evaluations) {
    mkdirSync(evaluationDirectory(to, evaluation.name), { recursive: true })
    writeFileSynced(evaluationPath(to, evaluation.name, 'predictions'), predictions)
    writeEvaluation(to, evaluation)
  }
  const { sha256 } = writeManifest(to, prunedManifest(manifest, attempt, evaluations))
  // When its result was published does not change.
  const { atime, mtime } = statSync(trialPath(from, 'manifest'))
  utimesSync(trialPath(to, 'manifest'), atime, mtime)
  publishSealed(study, { trialId, attempt }, sha256)
}

function rewrittenNames(evaluations: readonly Rewritten[]): (name: string) => boolean {
  const names = evaluations.flatMap(({ evaluation: { name } }) => [
    evaluationFileName(name, 'evaluation'),
    evaluationFileName(name, 'predictions'),
  ])
  return (name) => names.includes(name)
}

/** Files that stay have the digests that they had: what is damaged is damaged afterwards too. */
function prunedManifest(
  { files, pruned = [], ...manifest }: Manifest,
  attempt: number,
  evaluations: readonly Rewritten[],
): Manifest {
  const rewritten: Record<string, FileDigest> = {}
  for (const { evaluation } of evaluations) {
    rewritten[evaluationFileName(evaluation.name, 'predictions')] = evaluation.predictions
    rewritten[evaluationFileName(evaluation.name, 'evaluation')] = digestOf(sealJson(evaluation))
  }
  const kept = Object.entries(files).filter(([name]) => kindOfPath(name) !== 'checkpoint')
  const gone = new Set([...pruned, 'checkpoint' as const, ...(evaluations.length > 0 ? ['alignments' as const] : [])])
  // Later evaluations are sealed by their own file alone.
  const sealed = Object.fromEntries(kept.map(([name, digest]) => [name, rewritten[name] ?? digest]))
  return { ...manifest, attempt, files: sealed, pruned: [...gone] }
}

function linkOrCopy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true })
  try {
    linkSync(from, to)
  } catch {
    // A file system without hard links.
    copyFileSync(from, to)
  }
}
