import { statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { SeqlabError } from '../../core/errors.js'
import { inParallel, studiesAtATime } from '../../core/parallel.js'
import { evaluationFile, foldersIn, isStudyFolder, isTrialFolder } from '../layout.js'
import { hasModel } from '../model/files.js'
import { type DetailedRun, describeStudy, type ListedRun, listRuns } from './list.js'
import { readStudy } from './read.js'

/** The folder of the model that a name means: a model's own, wherever that is, or that of a trial as `findRun` finds it. */
export async function findModel(name: string, outDir: string): Promise<string> {
  return hasModel(name) ? name : findRun(name, outDir)
}

/**
 * The trial's folder that a name means: the folder itself, a study of one trial, or (in `outDir` or in a study) the first
 * digits of a trial's id. Throws SeqlabError 'run' that lists the choices where there is none or more than one.
 */
export async function findRun(name: string, outDir: string): Promise<string> {
  const places = foldersNamed(name, outDir)
  const itself = places.find(isTrialFolder)
  if (itself !== undefined) return itself
  const candidates = places.length > 0 ? places.flatMap(trialsIn) : await byId(name, outDir)
  const [only] = candidates
  if (only !== undefined && candidates.length === 1) return only
  if (candidates.length === 0 && places.some(isStudyFolder))
    throw new SeqlabError('run', `${name} has no finished run`, {
      hint: 'It is still running, or was stopped: the same command continues it.',
    })
  const what = candidates.length === 0 ? missing(name) : `${name} holds ${candidates.length} runs`
  const choices = candidates.slice(0, 8).join(', ')
  throw new SeqlabError('run', what, {
    hint: choices === '' ? '`seqlab list` names them all.' : `Name one: ${choices}`,
  })
}

/**
 * The run without a result that a name means: the folder that it will have, a study of one trial, or the first digits of its id;
 * undefined where that is none, or more than one.
 */
export async function findUnfinished(name: string, outDir: string): Promise<DetailedRun | undefined> {
  const study = foldersNamed(name, outDir).find(isStudyFolder)
  const parent = [name, join(outDir, name)].map((path) => dirname(path)).find(isStudyFolder)
  const within = study ?? parent
  const studies =
    within !== undefined ? [within] : isDirectory(outDir) ? foldersIn(outDir).map((each) => join(outDir, each)) : []
  const runs = (await inParallel(studies, studiesAtATime, describeStudy)).flat().filter(hasNoResult)
  const found =
    study !== undefined ? runs : runs.filter(({ directory }) => basename(directory).startsWith(basename(name)))
  return found.length === 1 ? found[0] : undefined
}

function hasNoResult({ status, directory, study }: ListedRun): boolean {
  return ['waiting', 'queued', 'running', 'computed'].includes(status) && directory !== study
}

/** The evaluation of a trained model that a name means, by its folder; undefined where it means none. */
export function findEvaluation(
  name: string,
  outDir: string,
): { readonly trial: string; readonly name: string } | undefined {
  const place = foldersNamed(name, outDir).find((folder) => isFile(evaluationFile(folder, 'evaluation')))
  const trial = place === undefined ? '' : dirname(dirname(resolve(place)))
  return place !== undefined && isTrialFolder(trial) ? { trial, name: basename(resolve(place)) } : undefined
}

/** Why a name means no run: also where there is something of that name, which is none. */
function missing(name: string): string {
  const found = statSync(name, { throwIfNoEntry: false })
  if (found === undefined) return `No run is called ${name}`
  return found.isDirectory()
    ? `The folder ${name} is no run and has no model`
    : `${name} is a file, and a run is a folder`
}

/** A study's folder that a name means, where it plans or holds several trials or cannot be read; else undefined. */
export function findStudy(name: string, outDir: string): string | undefined {
  const places = foldersNamed(name, outDir)
  if (places.some(isTrialFolder)) return undefined
  return places.find((place) => {
    const { trials, problem } = readStudy(place)
    return trials.length > 1 || (isStudyFolder(place) && (problem !== undefined || trials.length === 0))
  })
}

/** The study's folder that a name means. Throws SeqlabError 'run' where it means none. */
export function studyFolder(name: string, outDir: string): string {
  const study = foldersNamed(name, outDir).find(isStudyFolder)
  if (study !== undefined) return study
  throw new SeqlabError('run', `No study is called ${name}`, { hint: '`seqlab list` names them all.' })
}

/** Folders that a name may mean: its own, and that of the runs. */
export function foldersNamed(name: string, outDir: string): string[] {
  return [name, join(outDir, name)].filter(isDirectory).map(named)
}

/** A folder by a path that ends with its name, however it was written: `runs/gru/`, `./runs/gru`, `.` inside it. */
function named(path: string): string {
  const plain = join(dirname(path), basename(path))
  return ['.', '..'].includes(basename(plain)) ? resolve(plain) : plain
}

function trialsIn(directory: string): string[] {
  return foldersIn(directory)
    .map((name) => join(directory, name))
    .filter(isTrialFolder)
}

async function byId(name: string, outDir: string): Promise<string[]> {
  const [study, id = study] = name.split('/')
  const runs = isDirectory(outDir) ? await listRuns(outDir) : []
  return runs
    .filter((run) => !hasNoResult(run) && run.directory !== run.study)
    .filter(({ directory }) => basename(directory).startsWith(id ?? name))
    .filter(({ study: of }) => id === study || of.endsWith(study ?? ''))
    .map(({ directory }) => directory)
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}
