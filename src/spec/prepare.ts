import { distinctProblems, type Problem } from '../core/errors.js'
import { type DataFacts, datasetFacts } from '../data/facts.js'
import type { Dataset, DatasetDigests } from '../data/types.js'
import { outcomesOf } from '../metrics/score.js'
import type { ModelSizes } from '../model/sizes.js'
import { modelSizes } from '../task/sizes.js'
import type { ReadState } from '../train/types.js'
import { type ReadFile, readingOnce } from './document/read.js'
import type { ReadResult } from './document/yaml.js'
import type { CostShape } from './plan/cost.js'
import { createDatasetCache, type DatasetCache, type Read, readDatasets } from './plan/datasets.js'
import { loadSpecs } from './plan/load-specs.js'
import {
  byVariant,
  type LabelledProblem,
  type PreflightOptions,
  preflight,
  preflightWithoutData,
} from './plan/preflight.js'
import { type KeepStandardInput, withStandardInput } from './plan/standard-input.js'
import { loadStudy, type Study } from './plan/study/load-study.js'
import { type Matched, type MatchResult, matchParameters } from './plan/study/match.js'
import { meanLengths } from './plan/trial-cost.js'
import { planTrials, type ReadySpec } from './plan/trials.js'
import { studyKeys } from './study-options.js'
import type { LoadedSpec, Plan } from './types.js'

export interface PrepareOptions {
  /** What the files are: specs of one plan, a study, or either, by the keys of the file. */
  readonly kind: 'specs' | 'study' | 'either'
  /** `path=value`, laid over every file. */
  readonly set?: readonly string[] | undefined
  /** Base directory for relative data paths, instead of the spec's own. */
  readonly dataDir?: string | undefined
  /** The plan's name, instead of the specs' or the study's own. */
  readonly name?: string | undefined
  /** Whether the data are read and specs checked against them; by default they are. Without data there is no plan. */
  readonly data?: boolean | undefined
  /** A study made short by its own `quick`. */
  readonly quick?: boolean | undefined
  /** What a trial may take; by default as much as it needs. */
  readonly memoryBytes?: number | undefined
  /** Shared by calls over many files, so that each dataset is read once. */
  readonly datasets?: DatasetCache | undefined
  /** The same of the files of specs. */
  readonly readFile?: ReadFile | undefined
  /** How another run is read that training starts from. */
  readonly readState: ReadState
  /** How data are read that come through standard input; absent where they cannot be. */
  readonly standardInput?: KeepStandardInput | undefined
}

/** Specs as they are before anything trains: plain data, nothing printed, nothing thrown for what the files hold. */
export interface Prepared {
  /** The specs that are valid by themselves, sizes solved where a study matches them. */
  readonly specs: readonly PreparedSpec[]
  /** Everything that is wrong: with the specs, with their data, with specs on their data, with the plan as a whole. */
  readonly problems: readonly Problem[]
  /** What of the results will be undefined whatever is trained, as far as the data tell. */
  readonly warnings: readonly Problem[]
  /** Those that need no data to be seen. */
  readonly specProblems: readonly Problem[]
  /** Sizes that were solved for. */
  readonly matched: readonly Matched[]
  /** What authors should know of a study that is no problem. */
  readonly notes: readonly string[]
  /** Whether the file is a study's. */
  readonly isStudy: boolean
  /** Wall-clock budget of the whole run. */
  readonly minutes?: number
  /** There only where there is no problem and the data were read. */
  readonly plan?: Plan
}

export interface PreparedSpec extends LoadedSpec {
  /** Absent where its data were not, or cannot be, read. */
  readonly dataset?: DatasetFacts
  /** Why its data cannot be read. */
  readonly unreadable?: readonly Problem[]
}

/** What specs and costs need to know of a dataset. */
export interface DatasetFacts {
  readonly digests: DatasetDigests
  readonly sizes: ModelSizes
  /** Mean shape of a training batch. */
  readonly shape: CostShape
  /** What was read, for people; `outcomes`: what metrics found out from it. */
  readonly read: { readonly facts: DataFacts; readonly outcomes: readonly string[] }
}

/** Files -> specs, every problem of the specs and of their data in one round, and a plan where there is none. */
export async function prepare(files: readonly string[], options: PrepareOptions): Promise<Prepared> {
  const study = load(files, options)
  if (options.data === false) return withoutData(study, options)
  const { loaded, shown } = await withStandardInput(study, options.standardInput)
  const prepared = await withData(loaded, options)
  return { ...prepared, problems: prepared.problems.map(shown) }
}

/** The same of each of several files by itself, specs and studies; each dataset is read once. */
export async function prepareEach(
  files: readonly string[],
  options: Omit<PrepareOptions, 'kind' | 'datasets' | 'readFile'>,
): Promise<readonly Prepared[]> {
  const shared = { kind: 'either', datasets: createDatasetCache(), readFile: readingOnce() } as const
  const prepared: Prepared[] = []
  for (const file of files) prepared.push(await prepare([file], { ...options, ...shared }))
  return prepared
}

type Loaded = Partial<Study> & Pick<Study, 'specs' | 'problems'> & { readonly file?: string | undefined }

function load(
  files: readonly string[],
  { kind, set, dataDir, quick, readFile = readingOnce() }: PrepareOptions,
): Loaded {
  const [file, ...others] = files
  const isOne = file !== undefined && others.length === 0
  const options = { set, dataDir, readFile }
  if (isOne && (kind === 'study' || (kind === 'either' && isStudy(readFile(file))))) {
    return { ...loadStudy(file, { ...options, quick }), file }
  }
  return loadSpecs(files, options)
}

/** A file with a key that only studies have. */
function isStudy(read: ReadResult): boolean {
  if ('problems' in read || read.node.kind !== 'map') return false
  return [...read.node.entries.keys()].some((key) => studyKeys.includes(key))
}

async function withoutData(study: Loaded, { readState }: PrepareOptions): Promise<Prepared> {
  const { specs, problems, notes = [] } = study
  const further = (await Promise.all(specs.map((spec) => preflightWithoutData(spec, readState)))).flat()
  const all = [...problems, ...further]
  return {
    specs,
    problems: all,
    specProblems: all,
    warnings: [],
    matched: [],
    notes,
    isStudy: study.file !== undefined,
  }
}

async function withData(
  study: Loaded,
  { name, memoryBytes, readState, datasets = createDatasetCache() }: PrepareOptions,
): Promise<Prepared> {
  const read = await readDatasets(study.specs, datasets)
  const others = await readDatasets(study.others ?? [], datasets)
  const sized = solveSizes(study, read)
  const limits = { seeds: study.seeds, memoryBytes: sized.solved ? memoryBytes : undefined, readState }
  const checked = await checkAll(sized.specs, datasets, limits)
  const { plan, problems: repeated } = planTrials(checked.ready, { ...study, name: name ?? study.name })
  const missing = distinctProblems([...read.unreadable.values(), ...others.unreadable.values()].flat())
  const unreadable = missing.map((problem) => withRepository(problem, study.published?.data))
  const unfit = byVariant(checked.problems, study.specs.length)
  const earlier = [...study.problems, ...unreadable, ...sized.problems, ...unfit]
  const problems = earlier.length > 0 ? earlier : repeated.map((problem) => inFile(problem, study.file))
  return {
    specs: [...checked.ready, ...withoutDatasets(read)],
    problems,
    specProblems: study.problems,
    warnings: byVariant(checked.warnings, study.specs.length),
    matched: sized.matched,
    notes: study.notes ?? [],
    isStudy: study.file !== undefined,
    ...(study.budget?.minutes !== undefined && { minutes: study.budget.minutes }),
    ...(problems.length === 0 && { plan }),
  }
}

/** Data that somebody published: where they are, besides what is wrong. */
function withRepository(problem: Problem, repository: string | undefined): Problem {
  if (repository === undefined) return problem
  const known = `the data are published at ${repository}; name their folder with --data-dir`
  return { ...problem, hint: problem.hint === undefined ? known : `${problem.hint}; ${known}` }
}

const withoutDatasets = ({ unreadable }: Read<LoadedSpec>): PreparedSpec[] =>
  [...unreadable].map(([spec, problems]) => ({ ...spec, unreadable: problems }))

const inFile = (problem: Problem, file: string | undefined): Problem =>
  file === undefined ? problem : { ...problem, place: { file } }

/** The variants whose data can be read, with their sizes solved where the study matches them and is itself valid. */
function solveSizes(
  { specs, problems, match }: Loaded,
  { datasets }: Read<LoadedSpec>,
): MatchResult & { readonly solved: boolean } {
  const readable = [...datasets.keys()]
  const unsolved = { specs: readable, matched: [], problems: [] }
  if (match === undefined) return { ...unsolved, solved: true }
  if (problems.length > 0) return { ...unsolved, solved: false }
  if (match.parameters === 'first' && readable[0] !== specs[0]) return { ...unsolved, specs: [], solved: false }
  const sizes = new Map([...datasets].map(([spec, data]) => [spec, modelSizes(data)] as const))
  return { ...matchParameters(sizes, match), solved: true }
}

/** Checks specs that are valid by themselves against their data, the sizes of their models and other runs. */
async function checkAll(specs: readonly LoadedSpec[], cache: DatasetCache, limits: PreflightOptions) {
  const ready: (ReadySpec & PreparedSpec)[] = []
  const reported = { problems: [] as LabelledProblem[], warnings: [] as LabelledProblem[] }
  for (const loaded of specs) {
    const data = await cache.read(loaded)
    const { problems, warnings, cost, start } = await preflight(loaded, data, limits)
    reported.problems.push(...problems.map((problem) => ({ problem, label: loaded.label })))
    reported.warnings.push(...warnings.map((problem) => ({ problem, label: loaded.label })))
    ready.push({ ...loaded, dataset: factsOf(loaded, data), ...(cost && { cost }), ...(start && { start }) })
  }
  return { ready, ...reported }
}

function factsOf({ spec }: LoadedSpec, data: Dataset): DatasetFacts {
  const shape = { batch: spec.train.batchSize, ...meanLengths(spec, data) }
  const read = { facts: datasetFacts(data), outcomes: outcomesOf(spec.metrics, data.counts) }
  return { digests: data.digests, sizes: modelSizes(data), shape, read }
}
