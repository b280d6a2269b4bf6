import { availableParallelism } from 'node:os'
import { dirname } from 'node:path'
import { SeqlabError } from '../core/errors.js'
import { shellLine } from '../core/shell.js'
import {
  isCompared,
  type PreparedOutcome,
  runPrepared,
  type StudyComparison,
  type TrainEvent,
  writeIndex,
  writeStudyComparison,
} from '../library/run-prepared.js'
import type { RunOptions, RunOutcome } from '../runner/events.js'
import type { Limits } from '../runner/limits.js'
import type { ClusterOptions } from '../spec/cluster/options.js'
import type { Plan } from '../spec/types.js'
import { type EvaluationRecord, type RunRecord, studyDirectory } from '../store/index.js'
import { executorOf, type Place } from './cluster.js'
import { openEvents } from './events-file.js'
import { refuseToOverwrite } from './inputs.js'
import { memoryBytesOf, type RunFlags } from './options.js'
import { stopOnSignals } from './signals.js'
import { detachedLine, interruptedLine } from './text/interrupted.js'
import { printable } from './text/printable.js'
import { createProgress, createSilence } from './text/progress.js'
import { resultRows, summary } from './text/summary.js'
import { colorsFor } from './text/terminal.js'

/** A plan to run, and how. */
export interface Execution {
  readonly plan: Plan
  readonly flags: RunFlags
  /** Where its trials run. */
  readonly place: Place
  /** Whether each trial's page is written at once; sweeps leave that to `show` and the comparison. */
  readonly pages: boolean
  /** Whether a single spec's trial is added to those already in its directory. */
  readonly collect: boolean
  /** Ids of the trials that are run; absent: all. */
  readonly only?: readonly string[] | undefined
  /** The files that were read for the plan, but data. */
  readonly files: readonly string[]
  /** Wall-clock budget of the whole run. */
  readonly minutes?: number | undefined
}

/** Runs a plan with progress on stderr and results on stdout; the command's exit code. */
export async function execute(execution: Execution): Promise<number> {
  const { plan, flags, place, pages, only } = execution
  const choice = { playground: flags.playground, playgroundWeights: flags.playgroundWeights }
  refuseTwoOutputs(flags)
  await refuseEventsOver(execution)
  const progress = flags.quiet ? createSilence(process.stderr) : createProgress(process.stderr)
  const events = await openEvents(flags.events, (message) => progress.event({ kind: 'warning', message }))
  const live = await startLive(flags)
  const signals = stopOnSignals(() => progress.say('stopping at the next step; again to stop at once'))
  const printed = new Set<RunRecord | EvaluationRecord>()
  const print = (result: RunRecord | EvaluationRecord) => {
    printed.add(result)
    if (flags.json) printJson(result)
  }
  const onEvent = (event: TrainEvent) => {
    events.write(event)
    if (event.kind === 'concern') {
      const message = `bad health of trial ${event.trialId}: ${event.message}`
      if (!flags.quiet) progress.event({ kind: 'warning', message })
      return
    }
    progress.event(event)
    if (event.kind === 'trial-evaluated') print(event.evaluation)
    if (event.kind === 'trial-finished') print(event.record)
  }
  try {
    const executor = await executorOf(place)
    const run = {
      plan,
      options: runOptions(execution),
      limits: limitsOf(execution),
      pages: pages && choice,
      ...(executor && { executor }),
    }
    const outcome = await runPrepared(run, onEvent, signals.stop)
    progress.end()
    if (outcome.status === 'interrupted' && !flags.quiet)
      progress.say(interruptedLine(outcome, only?.length ?? plan.trials.length))
    if (outcome.status === 'detached' && !flags.quiet) progress.say(detachedLine(outcome))
    if (flags.json) printEarlier(outcome, printed)
    else if (flags.events !== '-') conclude(outcome, execution)
    if (isCompared(plan)) printComparison(await writeStudyComparison(outcome.directory, onEvent, choice), flags)
    await writeIndex(dirname(outcome.directory), onEvent)
    events.end(outcome)
    return exitCode(outcome)
  } finally {
    progress.end()
    signals.release()
    events.close()
    await live?.close()
  }
}

function refuseTwoOutputs({ json, events }: RunFlags): void {
  if (!json || events !== '-') return
  const hint = 'Write the events to a file: --events FILE.'
  throw new SeqlabError('spec', '--json and --events - both write to stdout', { hint })
}

/** The events of a run go into no file that it reads. */
async function refuseEventsOver({
  plan,
  flags: { events, cluster, parts = [], out },
  files,
}: Execution): Promise<void> {
  if (events === undefined) return
  const evaluated = plan.trials.flatMap(({ spec, evaluations }) =>
    evaluations.map(({ data, baseDir }) => ({ spec: { ...spec, data }, baseDir })),
  )
  await refuseToOverwrite('--events', [events], {
    paths: [...files, cluster, ...parts],
    specs: [...plan.trials, ...evaluated],
    runs: [studyDirectory(out, plan.study)],
  })
}

/** The live pages of the runs, whose address is the first line on stderr. */
async function startLive({ live, out }: RunFlags): Promise<{ close(): Promise<void> } | undefined> {
  if (!live) return undefined
  const { startLiveServer } = await import('../report/live/server/index.js')
  const server = await startLiveServer({ root: out })
  process.stderr.write(`${server.url}\n`)
  return server
}

/** Prints a comparison's headline and the verdicts on its claims: results, which --quiet does not keep back. */
function printComparison(comparison: StudyComparison | undefined, { json, quiet, events }: RunFlags): void {
  if (comparison === undefined) return
  const { path, headline, claims, published, problems } = comparison
  if (problems.length > 0 && !quiet)
    process.stderr.write(`${problems.map((problem) => `skipped ${printable(problem)}`).join('\n')}\n`)
  if (json || events === '-') return
  const titled = (title: string, each: readonly string[]) =>
    each.length === 0 ? [] : ['', `${title}:`, ...each.map((line) => `  ${line}`)]
  const lines = [
    ...headline,
    ...titled('Published results', published),
    ...titled('Claims', claims),
    '',
    `comparison  ${path}`,
  ]
  process.stdout.write(`\n${lines.map(printable).join('\n')}\n`)
}

function limitsOf({ flags, minutes }: Execution): Partial<Limits> {
  const { trialMinutes } = flags
  const bytes = memoryBytesOf(flags)
  return {
    ...(minutes !== undefined && { budgetMs: 60_000 * minutes }),
    ...(bytes !== undefined && { hostBytes: bytes }),
    ...(trialMinutes !== undefined && { trialMs: 60_000 * trialMinutes }),
  }
}

function runOptions({ plan: { trials }, flags, place: { profile }, collect, only }: Execution): RunOptions {
  const { out, isolation, engine, fresh, retryFailed, force, dumpGraph } = flags
  const atOnce = profile === undefined ? (flags.workers ?? availableParallelism()) : slotsOf(profile)
  const workers = Math.min(atOnce, Math.max(1, trials.length))
  const command = shellLine(['seqlab', ...process.argv.slice(2)])
  const detach = flags.detach
  const options = { outDir: out, workers, isolation, engine, fresh, retryFailed, force, command, collect, detach }
  return { ...options, ...(dumpGraph !== undefined && { dumpGraphDir: dumpGraph }), ...(only && { only }) }
}

/** Trials at a time, as far as a profile says. */
function slotsOf(profile: ClusterOptions): number {
  return profile.executor === 'slurm' ? (profile.atOnce ?? Number.POSITIVE_INFINITY) * profile.cores : profile.jobs
}

/** What had finished before this command follows what this command did. */
function printEarlier({ records, evaluations }: RunOutcome, printed: ReadonlySet<RunRecord | EvaluationRecord>): void {
  for (const result of [...records, ...evaluations]) if (!printed.has(result)) printJson(result)
}

/** Prints results as tables. */
function conclude(outcome: PreparedOutcome, { plan, flags: { quiet } }: Execution): void {
  const { records, directory, others, pages } = outcome
  if (records.length === 0) return
  const colors = colorsFor(process.stdout)
  process.stdout.write(`${summary(resultRows(plan, outcome), pages, colors)}\n`)
  if (others === 0 || quiet) return
  const more = others === 1 ? '1 more trial is' : `${others} more trials are`
  process.stdout.write(`${colors.dim(`${more} in ${directory}: seqlab compare ${shellLine([directory])}`)}\n`)
}

function printJson(result: RunRecord | EvaluationRecord): void {
  process.stdout.write(`${JSON.stringify(result)}\n`)
}

function exitCode({ status }: RunOutcome): number {
  return status === 'interrupted' ? 130 : status === 'some-failed' ? 1 : 0
}
