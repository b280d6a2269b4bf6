// Every name inside runs/: `<out>/<study>/<trial id>/`, and while a trial runs `<out>/<study>/attempts/<trial id>/<number>/`.
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join, sep } from 'node:path'
import { SeqlabError } from '../core/errors.js'

const studyFiles = {
  study: 'study.json',
  ledger: 'ledger.jsonl',
  lock: 'lock.json',
  queue: 'queue.json',
  reproduction: 'reproduction.json',
} as const

const trialFiles = {
  /** Digests of all files below. */
  manifest: 'manifest.json',
  record: 'record.json',
  /** The resolved spec. */
  spec: 'spec.yaml',
  metrics: 'metrics.jsonl',
  /** What validations gave for a few examples of dev. */
  samples: 'samples.jsonl',
  /** A folder: the state from which training resumes. */
  checkpoint: 'checkpoint',
  /** A folder: the trained model, which needs nothing else. */
  model: 'model',
  /** A folder of folders: what the trained model was evaluated with, and how well it did. */
  evaluations: 'evaluations',
  /** Derived from the others, and in no manifest. */
  page: 'report.html',
} as const

/** Files that get lines while a trial trains: a checkpoint is of no use without them. */
export const growingFiles = ['metrics', 'samples'] as const

/** In `evaluations/<name>/`, or wherever an evaluation was written to; the last two where it is on data of its own. */
const evaluationFiles = {
  evaluation: 'evaluation.json',
  predictions: 'predictions.jsonl',
  /** Derived from the others: by class, entity and length. */
  details: 'details.json',
  page: 'report.html',
} as const

/** In `model/`, or wherever that was copied to. */
const modelFiles = { parameters: 'model.safetensors', description: 'model.json' } as const

const batchFiles = {
  /** Which attempts are in which job: written before anything is submitted. */
  batch: 'batch.json',
  script: 'job.sh',
  /** What the cluster answered. */
  submitted: 'submitted',
} as const

const elementFiles = {
  task: '.json',
  /** Made by the first process that begins it: nobody begins it again. */
  began: '.began',
  events: '.events',
  /** Nobody waits for it any more. */
  over: '.over',
  log: '.log',
} as const

/** The evaluation that training ends with. */
export const finalEvaluation = 'final'

/** Whether an evaluation of that name is one of a plan: `final`, or the id of a later one. */
export function isPlannedEvaluation(name: string): boolean {
  return name === finalEvaluation || /^[\da-f]{8}$/.test(name)
}

type StudyFileKind = keyof typeof studyFiles
export type TrialFileKind = keyof typeof trialFiles
type EvaluationFileKind = keyof typeof evaluationFiles
type ModelFileKind = keyof typeof modelFiles

/** Where a study's files are. Throws SeqlabError 'spec' on a name that is no plain folder name. */
export function studyDirectory(outDir: string, study: string): string {
  if (/^[\p{L}\p{N}_][\p{L}\p{N}_.@+-]*$/u.test(study)) return join(outDir, study)
  throw new SeqlabError('spec', `"${study}" cannot be a study's name`, {
    hint: 'Use letters, digits, and . _ - @ + (not first).',
  })
}

export function studyPath(studyDirectory: string, kind: StudyFileKind): string {
  return join(studyDirectory, studyFiles[kind])
}

/** A study's comparison in one of its formats (`html`, `md`, ...). */
export function comparisonPath(studyDirectory: string, format: string): string {
  return join(studyDirectory, `comparison.${format}`)
}

/** The page of all runs in a folder of studies. */
export function runsIndexPath(outDir: string): string {
  return join(outDir, 'index.html')
}

export function trialDirectory(studyDirectory: string, trialId: string): string {
  return join(studyDirectory, trialId)
}

/** Where the attempts at a trial are until one of them is published; each in a folder named by its number. */
export function attemptsDirectory(studyDirectory: string, trialId: string): string {
  return join(studyDirectory, attemptsFolder, trialId)
}

export function attemptDirectory(studyDirectory: string, trialId: string, attempt: number): string {
  return join(attemptsDirectory(studyDirectory, trialId), String(attempt))
}

/** Where the batches are that were given to a cluster; each in a folder named as its jobs are. */
export function batchesDirectory(studyDirectory: string): string {
  return join(studyDirectory, clusterFolder)
}

/** A file of a batch. */
export function batchPath(batchDirectory: string, kind: keyof typeof batchFiles): string {
  return join(batchDirectory, batchFiles[kind])
}

/** A file of one job of a batch's array. */
export function elementPath(batchDirectory: string, index: number, kind: keyof typeof elementFiles): string {
  return join(batchDirectory, `${index}${elementFiles[kind]}`)
}

/** The end of an attempt, as a file of the job that it was computed in: `<index>.<trial>.<attempt>.end`. */
export function endName(index: number, { trialId, attempt }: AttemptName): string {
  return `${index}.${trialId}.${attempt}.end`
}

/** Where an attempt began: there while it goes on, and in no result. */
export function attemptStartPath(attemptDirectory: string): string {
  return join(attemptDirectory, 'started.json')
}

interface AttemptName {
  readonly trialId: string
  readonly attempt: number
}

/** A file of a trial or of an attempt at it. */
export function trialPath(trialDirectory: string, kind: TrialFileKind): string {
  return join(trialDirectory, trialFileName(kind))
}

/** As manifests list it. */
export function trialFileName(kind: TrialFileKind): string {
  return trialFiles[kind]
}

export function evaluationDirectory(trialDirectory: string, name: string): string {
  return join(trialPath(trialDirectory, 'evaluations'), name)
}

/** A file of one of a trial's evaluations. */
export function evaluationPath(trialDirectory: string, name: string, kind: EvaluationFileKind): string {
  return evaluationFile(evaluationDirectory(trialDirectory, name), kind)
}

/** A file in an evaluation's own folder. */
export function evaluationFile(directory: string, kind: EvaluationFileKind): string {
  return join(directory, evaluationFiles[kind])
}

/** As manifests list it. */
export function evaluationFileName(name: string, kind: EvaluationFileKind): string {
  return `${trialFiles.evaluations}/${name}/${evaluationFiles[kind]}`
}

/** Names of a trial's evaluations, the final one first; none where it has no such folder. */
export function evaluationNames(trialDirectory: string): string[] {
  const directory = trialPath(trialDirectory, 'evaluations')
  const names = existsSync(directory) && statSync(directory).isDirectory() ? foldersIn(directory) : []
  return [...names.filter((name) => name === finalEvaluation), ...names.filter((name) => name !== finalEvaluation)]
}

/** A file of a model's folder, wherever that is. */
export function modelPath(modelDirectory: string, kind: ModelFileKind): string {
  return join(modelDirectory, modelFiles[kind])
}

/** The exported form of one of a model's functions. */
export function functionFile(name: string): string {
  return `${name}.onnx`
}

/** As manifests list it. */
export function functionFileName(name: string): string {
  return `${trialFiles.model}/${functionFile(name)}`
}

/** As manifests list it. */
export function modelFileName(kind: ModelFileKind): string {
  return `${trialFiles.model}/${modelFiles[kind]}`
}

/** The training state in a checkpoint's folder. */
export function statePath(checkpointDirectory: string): string {
  return join(checkpointDirectory, 'state.bin')
}

const pages: readonly string[] = [trialFiles.page, evaluationFiles.details]

/** Whether a file in a folder of a study, a trial or a model is one that these are read from: no page, no comparison, and nothing that a user put there. */
export function isRecorded(path: string): boolean {
  const steps = path.split(sep)
  const name = steps.at(-1) ?? ''
  const kept = [...Object.values(studyFiles), ...Object.values(trialFiles), ...Object.values(evaluationFiles)]
  const folders = [trialFiles.checkpoint, trialFiles.model, attemptsFolder, clusterFolder]
  return (
    (kept.some((file) => file === name) && !pages.includes(name)) ||
    Object.values(modelFiles).some((file) => file === name) ||
    name.endsWith(functionFile('')) ||
    steps.slice(0, -1).some((step) => folders.some((folder) => folder === step))
  )
}

/** Ids of what may be trials in a study: names of its folders (`evaluations/` has those of its ensembles). */
export function trialFolders(studyDirectory: string): string[] {
  return foldersIn(studyDirectory).filter((name) => !reservedFolders.includes(name))
}

/** Which of a study's large kinds of files a path inside it belongs to. */
export function kindOfPath(path: string): 'model' | 'checkpoint' | 'other' {
  const folders = path.split('/').slice(0, -1)
  if (folders.includes(trialFiles.checkpoint)) return 'checkpoint'
  return folders.includes(trialFiles.model) ? 'model' : 'other'
}

/** Whether a folder is a published trial's (a study's folder is none). */
export function isTrialFolder(directory: string): boolean {
  return existsSync(trialPath(directory, 'manifest'))
}

export function hasCheckpoint(directory: string): boolean {
  return existsSync(trialPath(directory, 'checkpoint'))
}

export function isStudyFolder(directory: string): boolean {
  return existsSync(studyPath(directory, 'study'))
}

/** Throws SeqlabError 'run' where the runs' folder is none. */
export function refuseMissing(outDir: string, hint = 'Give the directory of the runs with --out.'): void {
  if (statSync(outDir, { throwIfNoEntry: false })?.isDirectory() === true) return
  throw new SeqlabError('run', `${outDir} is not a directory`, { hint })
}

/** Names of the folders in a folder, sorted. */
export function foldersIn(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort()
}

const attemptsFolder = 'attempts'
const clusterFolder = 'cluster'
const reservedFolders: readonly string[] = [attemptsFolder, clusterFolder, trialFiles.evaluations]
