// biome-ignore-all assist/source/organizeImports: grouped by use
// What `import ... from 'seqlab'` gives; docs/library.md describes it.

// Specs: what is wrong with them, and training them.
export { check, type Checked, type CheckedFile, type CheckedSpec, type CheckOptions } from './library/check.js'
export { train, type Training, type TrainOptions, type TrainOutcome } from './library/train.js'
export type { StudyComparison, TrainEvent } from './library/run-prepared.js'

// Results.
export { readRuns } from './library/runs.js'
export { compare, type CompareOptions } from './library/compare.js'
export type { ComparisonReport } from './report/analysis/comparison/types.js'
export type { EvaluationRecord, ListedRun, RunRecord } from './store/index.js'
export type { Spec } from './spec/types.js'

// Trained models.
export { openModel, type OpenModelOptions } from './library/runs.js'
export type { PredictOptions, TrainedModel } from './inference/open-model.js'
export type { ModelOutput } from './inference/outputs.js'
export type { Source } from './inference/sources.js'

// What parts of your own are made of; docs/own-parts.md describes them.
export * from './spec/own/api.js'
export type { Tensor, Tensor1D, Tensor2D, Tensor3D } from './core/tf.js'
export type { Axis } from './model/axes.js'
export type { Measured } from './core/measured.js'
export type { ScoredExample } from './metrics/types.js'

// Errors.
export { type ErrorCode, type Problem, SeqlabError } from './core/errors.js'
export { problemText } from './library/problems.js'
