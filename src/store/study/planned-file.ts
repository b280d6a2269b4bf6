// study.json from a plan, or what is left of it in the records of published trials.
import { join, resolve } from 'node:path'
import { canonicalJson } from '../../core/canonical-json.js'
import { runErrorOrThrow } from '../../core/checked-json.js'
import { readFileIfPresent } from '../../core/files.js'
import { sha256 } from '../../core/hash.js'
import type { Plan, PlannedTrial } from '../../spec/types.js'
import { trialDirectory, trialFolders, trialPath } from '../layout.js'
import { readEvaluations } from '../trial/evaluation.js'
import { parseRecord, type RunRecord } from '../trial/record.js'
import { type TrainingSettings, trainingSettings } from './settings.js'
import type { StudyFile, StudyTrial } from './study-file.js'

export function plannedFile(
  { study, trials, claims, compare, published }: Plan,
  versions: Readonly<Record<string, string>>,
): StudyFile {
  const settings = Object.fromEntries(trials.map(({ spec }) => keyed(trainingSettings(spec))))
  const asked = { claims, ...(compare && { compare }), ...(published && { published }) }
  const common = { ...asked, versions, mixed: [] }
  return { schemaVersion: 2, study, trials: trials.map(plannedTrial), earlier: [], settings, ...common }
}

function plannedTrial({
  id,
  label,
  variant,
  seed,
  spec,
  digests,
  start,
  baseDir,
  evaluations,
}: PlannedTrial): StudyTrial {
  const [settings] = keyed(trainingSettings(spec))
  return {
    ...{ id, label, variant, seed, settings },
    trainingDigest: digests.training,
    ...(start && { start }),
    baseDir: resolve(baseDir),
    evaluations: evaluations.map(({ id, label, variant }) => ({ id, label, variant })),
  }
}

/** Settings under a key of their own, so that trials that share them share one copy. */
function keyed(settings: TrainingSettings): readonly [key: string, settings: TrainingSettings] {
  return [sha256(canonicalJson(settings)).slice(0, 16), settings]
}

/** The trials that a study's folder holds, according to their records, with the evaluations in their folders. */
export function publishedTrials(studyDirectory: string): Pick<StudyFile, 'trials' | 'settings'> {
  const records = publishedRecords(studyDirectory)
  const trials = records.map(({ trialId, label, variant, seed, spec, digests, start, evaluation }) => {
    const [settings] = keyed(trainingSettings(spec))
    const evaluations = [{ id: evaluation, label, variant }, ...laterEvaluations(studyDirectory, trialId, evaluation)]
    const read = { trainingDigest: digests.training, ...(start && { start }) }
    return { id: trialId, label, variant, seed, settings, ...read, evaluations }
  })
  return { trials, settings: Object.fromEntries(records.map(({ spec }) => keyed(trainingSettings(spec)))) }
}

/** Those that can be read; a damaged one is made again where it is planned again. */
function laterEvaluations(studyDirectory: string, trialId: string, final: string): StudyTrial['evaluations'] {
  const { evaluations } = readEvaluations(trialDirectory(studyDirectory, trialId), trialId)
  return evaluations.filter(({ id }) => id !== final).map(({ id, label, variant }) => ({ id, label, variant }))
}

function publishedRecords(studyDirectory: string): RunRecord[] {
  return trialFolders(studyDirectory).flatMap((id) => {
    const path = trialPath(join(studyDirectory, id), 'record')
    const bytes = readFileIfPresent(path)
    if (bytes === undefined) return []
    const record = orUndefined(() => parseRecord(bytes.toString('utf8'), path))
    return record?.trialId === id ? [record] : []
  })
}

function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    runErrorOrThrow(error)
    return undefined
  }
}
