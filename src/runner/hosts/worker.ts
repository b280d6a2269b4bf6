// A thread of a host's pool: one trial at a time, from its attempt's folder to its outcome.

import { toPlainError } from '../../core/errors.js'
import { failpoint } from '../../core/failpoints.js'
import { describeData } from '../../data/description.js'
import type { Dataset } from '../../data/types.js'
import type { Engine } from '../../engine/types.js'
import { exportFunctions } from '../../inference/exported/functions.js'
import { storedParameters } from '../../inference/trained-parts.js'
import { takeParts } from '../../spec/own/given.js'
import {
  type AttemptWriter,
  diskProblem,
  findResume,
  openAttempt,
  type ParameterPlaces,
  readModel,
  readStartingState,
  writePredictions,
} from '../../store/index.js'
import { modelSizes } from '../../task/sizes.js'
import { evaluateTrained } from '../../train/evaluate-trained.js'
import { interruptible, StopRequested } from '../../train/graph/interruptible.js'
import type { TrialFunctions } from '../../train/graph/trial-functions.js'
import { costBasisOf } from '../../train/loop/cost-basis.js'
import { runTrial } from '../../train/loop/trial.js'
import type { TrialEvent, TrialPorts } from '../../train/types.js'
import {
  type AttemptOutcome,
  type EvaluateJob,
  type EvaluationResult,
  progressSlot,
  stopSlot,
  type TrainJob,
  type WorkerMessage,
  type WorkerTask,
} from '../messages.js'
import { versions } from '../versions.js'
import { createCache } from './cache.js'
import { machineOf } from './levels.js'

const cache = createCache()

export default async function runAttempt(task: WorkerTask): Promise<AttemptOutcome> {
  try {
    return await attempt(task)
  } catch (error) {
    const disk = diskProblem(error)
    await cache.clear()
    if (disk !== undefined) return { kind: 'obstructed', error: toPlainError(disk) }
    return { kind: 'refused', error: toPlainError(error) }
  } finally {
    task.port.close()
  }
}

async function attempt({ job, engine: choice, parts, control, port }: WorkerTask): Promise<AttemptOutcome> {
  const send = (message: WorkerMessage) => port.postMessage(message)
  send({ kind: 'trial', event: { kind: 'phase', phase: 'data' } })
  await takeParts(parts)
  const dataset = await cache.dataset(job, port)
  const engine = await cache.engine(choice, (message) => send({ kind: 'notice', message }))
  const functions = await cache.functions(job.spec, dataset, engine)
  const context = { dataset, engine, functions, send }
  return job.kind === 'evaluate' ? evaluateModel(job, control, context) : train(job, control, context)
}

interface Context {
  readonly dataset: Dataset
  readonly engine: Engine
  readonly functions: TrialFunctions
  send(message: WorkerMessage): void
}

async function train(
  job: TrainJob,
  control: SharedArrayBuffer,
  { dataset, engine, functions, send }: Context,
): Promise<AttemptOutcome> {
  const { furthest, problems } = await findResume(job.resumeFrom)
  for (const problem of problems) send({ kind: 'warning', message: problem })
  const { machine, levels, warning } = machineOf(furthest?.levels ?? [])
  if (warning !== undefined) send({ kind: 'warning', message: warning })
  const about = { ...describeData(dataset, job.spec.data), costs: costBasisOf(job.spec, dataset), levels }
  const writer = openAttempt(job, about, furthest)
  try {
    const ports = trialPorts(job, new Int32Array(control), writer, send)
    const result = await runTrial(job.spec, job.seed, dataset, engine, furthest?.state, ports, functions)
    const { predictions, best, ...summary } = result
    send({ kind: 'trial', event: { kind: 'phase', phase: 'write' } })
    const { name, version } = engine
    const described = { ...job, dataset, digests: dataset.digests, result: summary, engine: name }
    const exported = (places: ParameterPlaces) =>
      exportFunctions(
        { spec: job.spec, model: functions.model, params: best ?? {}, sizes: modelSizes(dataset) },
        places,
      )
    const about = { ...described, functions: exported, versions: { ...versions(), engine: version } }
    const model = best && { ...about, params: best }
    const files = await writer.finish(predictions, model)
    return { kind: 'ran', summary, data: dataset.counts, engine: { name, version }, machine, files }
  } finally {
    writer.close()
  }
}

/** A trained model's best parameters under other searches, metrics or test data; nothing is kept where it is stopped. */
async function evaluateModel(job: EvaluateJob, control: SharedArrayBuffer, context: Context): Promise<AttemptOutcome> {
  const slots = new Int32Array(control)
  const stopRequested = () => {
    Atomics.add(slots, progressSlot, 1)
    return Atomics.load(slots, stopSlot) === 1
  }
  try {
    return await evaluated(job, { ...context, functions: interruptible(context.functions, stopRequested) })
  } catch (error) {
    if (error instanceof StopRequested) return { kind: 'stopped' }
    throw error
  }
}

async function evaluated(job: EvaluateJob, { dataset, engine, functions, send }: Context): Promise<AttemptOutcome> {
  const params = storedParameters(functions.model, readModel(job.trained))
  const at = { trial: job.trialId, attempt: job.attempt }
  const evaluations: EvaluationResult[] = []
  send({ kind: 'trial', event: { kind: 'phase', phase: 'test' } })
  for (const { id, decode, metrics } of job.evaluations) {
    failpoint('before-evaluation', at)
    const settings = { ...job.spec, decode, metrics }
    const { predictions, ...result } = await evaluateTrained(settings, job.seed, dataset, engine, params, functions)
    evaluations.push({ id, ...result, predictions: await writePredictions(job.directory, id, predictions) })
    failpoint('after-evaluation', at)
  }
  const { name, version } = engine
  return { kind: 'evaluated', engine: { name, version }, evaluations }
}

function trialPorts(
  job: TrainJob,
  control: Int32Array,
  writer: AttemptWriter,
  send: (message: WorkerMessage) => void,
): TrialPorts {
  const show = throttled((event: TrialEvent) => send({ kind: 'trial', event }))
  const progressed = () => Atomics.add(control, progressSlot, 1)
  let step = 0
  return {
    stopRequested: (within) => {
      progressed()
      if (within === undefined) failpoint('step', { trial: job.trialId, attempt: job.attempt, step: step++ })
      return Atomics.load(control, stopSlot) === 1
    },
    emit: (event) => {
      progressed()
      if (event.kind === 'notice') send({ kind: 'warning', message: event.message })
      else show(event)
    },
    readState: (from) => readStartingState(job.startFrom ?? from),
    start: job.start,
    record: writer.append,
    sample: writer.sample,
    save: async (state) => {
      writer.save(state)
      progressed()
      send({ kind: 'saved', step: state.step })
    },
  }
}

/** Training events a few times a second, all others at once. */
function throttled(show: (event: TrialEvent) => void): (event: TrialEvent) => void {
  let shownAt = Number.NEGATIVE_INFINITY
  return (event) => {
    if (event.kind === 'train') {
      const now = performance.now()
      if (now - shownAt < shownEveryMs && event.step < event.totalSteps) return
      shownAt = now
    }
    show(event)
  }
}

const shownEveryMs = 250
