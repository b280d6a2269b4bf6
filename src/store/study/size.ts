import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { systemErrorCode } from '../../core/files.js'
import { listFiles } from '../files.js'
import { foldersIn, isStudyFolder, isTrialFolder, kindOfPath, refuseMissing, trialFolders } from '../layout.js'

/** Bytes of a folder's files, by what they are. */
export interface FolderSize {
  /** Trained models: parameters, descriptions, exported forms. */
  readonly model: number
  /** Training states. */
  readonly checkpoint: number
  readonly other: number
}

export interface StudySize {
  readonly study: string
  /** Its trials that have a result. */
  readonly trials: number
  readonly bytes: FolderSize
}

/** Every study in a folder, the largest first. Throws SeqlabError 'run' where the folder is none. */
export async function listSizes(outDir: string): Promise<readonly StudySize[]> {
  refuseMissing(outDir)
  const studies = foldersIn(outDir)
    .map((name) => join(outDir, name))
    .filter(isStudyFolder)
  const sizes: StudySize[] = []
  for (const study of studies) {
    const trials = trialFolders(study).filter((id) => isTrialFolder(join(study, id))).length
    sizes.push({ study, trials, bytes: await folderSize(study) })
  }
  return sizes.sort((a, b) => totalBytes(b.bytes) - totalBytes(a.bytes))
}

/** Bytes below a study's or a trial's folder; a file with several names counts once, one that goes meanwhile not at all. */
export async function folderSize(directory: string): Promise<FolderSize> {
  const size = { model: 0, checkpoint: 0, other: 0 }
  const counted = new Set<string>()
  for (const name of await listFiles(directory)) {
    const file = await statPresent(join(directory, name))
    if (file === undefined) continue
    const identity = `${file.dev}:${file.ino}`
    if (file.nlink > 1 && counted.has(identity)) continue
    counted.add(identity)
    size[kindOfPath(name)] += file.size
  }
  return size
}

export function totalBytes({ model, checkpoint, other }: FolderSize): number {
  return model + checkpoint + other
}

async function statPresent(path: string) {
  try {
    return await stat(path)
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined
    throw error
  }
}
