// The run directory behind one API: the only code that knows a path inside runs/. Everything outside of store/ imports this.
export { type AttemptId, type AttemptWriter, createAttempt, openAttempt } from './attempt.js'
export { findResume, type Resume } from './checkpoint.js'
export { diskProblem, type FileDigest } from './files.js'
export { findRun, type ListedRun, listRuns } from './find.js'
export { comparisonPath, foldersIn, isStudyFolder, isTrialFolder, studyPath, trialPath } from './layout.js'
export { lastOpened, type OpenedEntry } from './ledger.js'
export { parseMetrics, parsePredictions } from './lines.js'
export {
  discardDamaged,
  discardTrial,
  forgetAttempts,
  nextAttempt,
  publish,
  recover,
  resumeFolders,
} from './publish.js'
export { dataDirOf, readStudy, type StoredStudy, type TrialPlace } from './read-study.js'
export { changedStudy, type OpenOptions, versionDifferences } from './reconcile.js'
export { type Ending, type MetricValue, makeRecord, type RunRecord } from './record.js'
export { readStartingState } from './starting-state.js'
export { type OpenStudy, openStudy } from './study.js'
export type { StudyFile, StudyTrial } from './study-file.js'
export { type OpenTrial, openTrial, readTrial, readTrialState, type StoredTrial } from './trial.js'
