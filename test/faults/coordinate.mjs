// One coordinator as a process of its own, for the tests of faults: `node coordinate.mjs JOB.json`. It prints its events
// a line each, and ends as the command line does: 0, 1 (a trial failed), 130 (interrupted), 3 (an error of the run).
import { readFileSync, writeSync } from 'node:fs'
import { availableParallelism } from 'node:os'

const { program, plan, options, limits, spareHosts } = JSON.parse(readFileSync(process.argv[2], 'utf8'))
const { runPlan } = await import(`${program}/run-plan.js`)
const { createStopSignal } = await import(`${program}/stop.js`)
const { startHost } = await import(`${program}/start-host.js`)
const { createFleet } = await import(`${program}/fleet.js`)
const { engineChoice } = await import(`${program}/engine-choice.js`)

const say = (line) => writeSync(1, `${JSON.stringify(line)}\n`)

/** An executor whose hosts cannot be killed the first time, as if they ran elsewhere; what they say later is told. */
const startSpared = (settings, callbacks) => {
  let spared = false
  const message = (received) => {
    if (spared && received.kind !== 'heartbeat') say({ kind: 'late', what: received.kind })
    callbacks.message(received)
  }
  const handle = startHost(settings, { ...callbacks, message })
  const kill = () => {
    if (spared) handle.kill()
    spared = true
  }
  return { ...handle, kill }
}

const sparing = {
  open: async (_, { engine, ...settings }, callbacks) => ({
    ...createFleet(
      {
        ...settings,
        engine: engineChoice(engine, availableParallelism(), callbacks.onWarning),
        startHost: startSpared,
      },
      callbacks,
    ),
    adopt: () => undefined,
  }),
}

const stop = createStopSignal()
process.on('SIGINT', () => (stop.stage === 'none' ? stop.request() : stop.kill()))
try {
  const ports = { limits, ...(spareHosts ? { executor: sparing } : {}) }
  const onEvent = ({ record, ...event }) =>
    say(record === undefined ? event : { ...event, status: record.status, error: record.error })
  const { status } = await runPlan(plan, options, onEvent, stop, ports)
  say({ kind: 'outcome', status })
  process.exitCode = { completed: 0, 'some-failed': 1, interrupted: 130 }[status]
} catch (error) {
  say({ kind: 'error', code: error.code, message: error.message, hint: error.hint })
  process.exitCode = 3
}
