// biome-ignore-all assist/source/organizeImports: grouped by use
// The run directory behind one API: the only code that knows a path inside runs/. Everything outside of store/ imports this.

// Where things are.
export {
  attemptDirectory,
  comparisonPath,
  evaluationDirectory,
  evaluationFile,
  finalEvaluation,
  foldersIn,
  isRecorded,
  isStudyFolder,
  isTrialFolder,
  modelPath,
  refuseMissing,
  runsIndexPath,
  studyDirectory,
  studyPath,
  trialDirectory,
  trialPath,
} from './layout.js'

// Reading: lists of runs, a study, a trial. What is damaged or of another version is never read as if it were whole.
export {
  findEvaluation,
  findModel,
  findRun,
  findStudy,
  findUnfinished,
  foldersNamed,
  studyFolder,
} from './study/find.js'
export {
  type BegunRun,
  type DetailedRun,
  describeStudy,
  describeTrial,
  type ListedRun,
  listRuns,
} from './study/list.js'
export {
  type Reproduction,
  readReproduction,
  readReproductionFile,
  writeReproduction,
} from './study/reproduction.js'
export { keepInput } from './study/standard-input.js'
export { readStudy, type StoredStudy, type TrialPlace } from './study/read.js'
export { claimDigest, type Registration, registrations } from './study/claims.js'
export { lastOpened, ledgerEntries, openedFor, readableEntries, unfinishedAttempts } from './study/ledger.js'
export {
  type LoadedTrial,
  loadTrial,
  openTrial,
  readPredictions,
  readSamples,
  readTestPredictions,
  readTrial,
  readWhatIsWhole,
} from './trial/read.js'
export {
  type EvaluationRecord,
  readEnsembles,
  readEvaluation,
  readEvaluations,
  readPredictionsText,
} from './trial/evaluation.js'
export type { ModelDescription, ParameterPlaces } from './model/description.js'
export { readModel, type StoredModel } from './model/files.js'
export { type ExportedForm, readExportedForm } from './model/exported-form.js'
export {
  metricsLineOf,
  parseMetrics,
  parsePredictions,
  parseStatistics,
  type Samples,
  samplesLineOf,
} from './trial/lines.js'
export { readStartingState } from './trial/starting-state.js'
export { type Ending, isFinished, tookMs, makeRecord, type RunRecord } from './trial/record.js'

// What goes on: who works on a study, which attempts run, and files as they grow.
export { type AttemptStart, attemptStart, curvePath, followAttempts, samplesPath } from './study/activity.js'
export { lockHolder } from './study/lock.js'
export { openTail } from './tail.js'
export { growCurve } from './trial/growing-curve.js'

// How large it is, and removing what finished trials do not need.
export { type FolderSize, listSizes, type StudySize, totalBytes } from './study/size.js'
export { type PrunedStudy, pruneStudy } from './study/prune.js'

// Writing as a coordinator: open a study, create attempts, publish one of them.
export { type LockedStudy, lockStudy, type OpenStudy, openStudy } from './study/open.js'
export { changedStudy, type OpenOptions, versionDifferences } from './study/reconcile.js'
export { createAttempt, createEvaluationAttempt } from './trial/attempt.js'
export { followRevoked, revokeAttempt } from './study/revoke.js'
export { publishEvaluations, recoverEvaluations } from './study/evaluations.js'
export { checkEvaluationName, writeOwnEvaluation } from './study/own-evaluation.js'
export {
  discardDamaged,
  discardTrial,
  forgetAttempts,
  nextAttempt,
  publish,
  recover,
  resumeFolders,
} from './study/publish.js'

// Writing as the thread that trains: one attempt's folder, continuing an earlier one's checkpoint.
export { type AttemptWriter, openAttempt, predictionFiles, writePredictions } from './trial/attempt.js'
export { missingFiles } from './trial/manifest.js'
export { findResume } from './trial/checkpoint.js'
export { diskProblem, type FileDigest } from './files.js'

// Files that go to another machine, and come back from one.
export {
  isWrittenByAttempt,
  modelParcel,
  type Parcel,
  resultParcel,
  resumeParcel,
  savedParcel,
  startingParcel,
} from './trial/parcels.js'
export { queueName, readQueueFile } from './study/queue-name.js'

// Jobs of a cluster, in the study's folder.
export { type ClusterAttempt, clusterAttempts, queueAttempts, slurmAttempts } from './cluster/attempts.js'
export {
  batchNames,
  beginElement,
  createBatch,
  endElement,
  hasBegun,
  isElementOver,
  listBatches,
  openAnswer,
  readAnswer,
  removeBatch,
  type StoredBatch,
  unwantedBatches,
} from './cluster/batches.js'
export { batchPath, elementPath, endName } from './layout.js'
export { readSealed, writeSealed } from './sealed-json.js'
