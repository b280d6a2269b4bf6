import { availableParallelism } from 'node:os'
import { dirname } from 'node:path'
import { shellLine } from '../core/shell.js'
import type { RunOptions } from '../runner/events.js'
import { defaultLimits } from '../runner/limits.js'
import { createStopSignal, type StopSignal } from '../runner/stop.js'
import { selectTrials } from '../spec/plan/select.js'
import { type Prepared, prepare } from '../spec/prepare.js'
import type { Plan } from '../spec/types.js'
import { readStartingState } from '../store/index.js'
import { createEventQueue } from './event-queue.js'
import { giveOwnParts, partsFlags } from './own-parts.js'
import { problemsError } from './problems.js'
import {
  isCompared,
  type PreparedOutcome,
  runPrepared,
  type StudyComparison,
  type TrainEvent,
  writeIndex,
  writeStudyComparison,
} from './run-prepared.js'

/** Each as the option of `seqlab run` and `seqlab sweep` of that name. None of it changes a result but `set` and `parts`. */
export interface TrainOptions {
  /** `path=value`, laid over every file; a comma-separated list becomes a grid. */
  readonly set?: readonly string[]
  /** Base directory for relative data paths, instead of each spec's own. */
  readonly dataDir?: string
  /**
   * Files of parts of your own (docs/own-parts.md), by which specs may name them; the process knows these parts from then
   * on. A path is relative to the working directory.
   */
  readonly parts?: string | readonly string[] | undefined
  /** Name of the study and of its folder in `out`; by default the specs' own. */
  readonly name?: string
  /** Directory for results; by default `runs`. */
  readonly out?: string
  /** Concurrent trials; by default one per core. */
  readonly workers?: number
  /** Whether trials run in threads of one process (the default), or each in its own process. */
  readonly isolation?: 'thread' | 'process'
  /** Compute engine; by default the fastest there is. */
  readonly engine?: 'auto' | 'compiled' | 'tfjs-node' | 'tfjs-cpu'
  /** Run finished trials again. */
  readonly fresh?: boolean
  /** Run failed trials again. */
  readonly retryFailed?: boolean
  /** Continue in a directory created by a different plan or version; recorded. */
  readonly force?: boolean
  /** Only trials of which a label contains one of these texts, or whose id starts with one. */
  readonly only?: readonly string[]
  /** Memory limit of each training process, in bytes; by default 80 % of the machine's. */
  readonly memoryBytes?: number
  /** Trials that run longer than this fail. */
  readonly trialMinutes?: number
  /** Whether a page is written for each trial; by default of specs, not of studies. */
  readonly pages?: boolean
  /** Aborting it stops every trial at its next step, with a checkpoint from which the same call continues. */
  readonly signal?: AbortSignal
}

export interface TrainOutcome extends PreparedOutcome {
  /** Where there are several results to compare. */
  readonly comparison?: StudyComparison
}

/** Trials that are being trained. */
export interface Training {
  /**
   * What happens, for one reader, from when it begins to read; it ends with the training, and throws what that throws.
   * A reader that stops reading stops nothing else.
   */
  readonly events: AsyncIterable<TrainEvent>
  /** Resolves when all trials have ended; its `status` says whether some failed, or were interrupted by `signal`. */
  readonly outcome: Promise<TrainOutcome>
}

/**
 * Trains the models in spec files, or every variant of a study's file, as `seqlab run` and `seqlab sweep` do: what is
 * finished in `out` is kept, and unfinished trials continue. `outcome` rejects with SeqlabError 'spec' that has every problem
 * of the files, and 'run' where the directory is in use or was created by a different plan or version.
 */
export function train(specs: string | readonly string[], options: TrainOptions = {}): Training {
  const queue = createEventQueue<TrainEvent>()
  const outcome = trainAll(typeof specs === 'string' ? [specs] : specs, options, queue.push)
  outcome.then(queue.end, queue.fail)
  return { events: queue.events, outcome }
}

async function trainAll(
  files: readonly string[],
  options: TrainOptions,
  report: (event: TrainEvent) => void,
): Promise<TrainOutcome> {
  const { set, dataDir, name, out, memoryBytes = defaultLimits.hostBytes, signal } = options
  refuseEmpty({ out, name, dataDir })
  await giveOwnParts(options)
  const readState = readStartingState
  const prepared = await prepare(files, { readState, kind: 'either', set, dataDir, name, memoryBytes })
  const { plan, problems, isStudy } = prepared
  if (plan === undefined) throw problemsError(problems)
  const { stop, release } = stopOnAbort(signal)
  try {
    const run = {
      plan,
      options: runOptions(files, plan, isStudy, options),
      limits: limitsOf(prepared, options),
      pages: options.pages ?? !isStudy,
    }
    const outcome = await runPrepared(run, report, stop)
    const comparison = isCompared(plan) ? await writeStudyComparison(outcome.directory, report) : undefined
    await writeIndex(dirname(outcome.directory), report)
    return { ...outcome, ...(comparison && { comparison }) }
  } finally {
    release()
  }
}

/** An empty path would be the working directory. */
function refuseEmpty(values: Readonly<Record<string, string | undefined>>): void {
  const problems = Object.keys(values)
    .filter((option) => values[option] === '')
    .map((path) => ({ path, message: 'is empty', hint: 'leave it out for its default' }))
  if (problems.length > 0) throw problemsError(problems)
}

function stopOnAbort(signal: AbortSignal | undefined): { readonly stop: StopSignal; release(): void } {
  const stop = createStopSignal()
  const handle = () => stop.request()
  if (signal?.aborted === true) handle()
  signal?.addEventListener('abort', handle)
  return { stop, release: () => signal?.removeEventListener('abort', handle) }
}

function limitsOf({ minutes }: Prepared, { memoryBytes, trialMinutes }: TrainOptions) {
  return {
    ...(minutes !== undefined && { budgetMs: 60_000 * minutes }),
    ...(memoryBytes !== undefined && { hostBytes: memoryBytes }),
    ...(trialMinutes !== undefined && { trialMs: 60_000 * trialMinutes }),
  }
}

function runOptions(files: readonly string[], plan: Plan, isStudy: boolean, options: TrainOptions): RunOptions {
  const { out = 'runs', isolation = 'thread', engine = 'auto', only } = options
  const { fresh = false, retryFailed = false, force = false, workers = availableParallelism() } = options
  const selected = selectTrials(plan, only)
  if ('problem' in selected) throw problemsError([selected.problem])
  return {
    outDir: out,
    workers: Math.min(workers, Math.max(1, plan.trials.length)),
    isolation,
    engine,
    fresh,
    retryFailed,
    force,
    command: commandOf(files, isStudy, options),
    collect: !isStudy && plan.trials.length === 1,
    ...(only !== undefined && { only: selected.trials.map(({ id }) => id) }),
  }
}

/** The command that does the same, for the record. */
function commandOf(
  files: readonly string[],
  isStudy: boolean,
  { set = [], dataDir, name, out, parts }: TrainOptions,
): string {
  const named = { '--data-dir': dataDir, '--name': name, '--out': out }
  const options = Object.entries(named).flatMap(([option, value]) => (value === undefined ? [] : [option, value]))
  const settings = set.flatMap((each) => ['--set', each])
  return shellLine(['seqlab', isStudy ? 'sweep' : 'run', ...files, ...settings, ...options, ...partsFlags(parts)])
}
