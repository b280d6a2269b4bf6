// A coordinator on Slurm as a process of its own: `node coordinate.mjs JOB.json`. It prints its events a line each, and ends
// with 0, 1 (a trial failed), 130 (interrupted), 4 (detached) or 3 (an error of the run).
import { readFileSync, writeSync } from 'node:fs'

const { program, plan, options, limits, slurm } = JSON.parse(readFileSync(process.argv[2], 'utf8'))
const { runPlan } = await import(`${program}/run-plan.js`)
const { createStopSignal } = await import(`${program}/stop.js`)
const { slurmExecutor } = await import(`${program}/executor.js`)

const say = (line) => writeSync(1, `${JSON.stringify(line)}\n`)
const stop = createStopSignal()
process.on('SIGINT', () => (stop.stage === 'none' ? stop.request() : stop.kill()))
try {
  const onEvent = ({ record, ...event }) =>
    say(record === undefined ? event : { ...event, status: record.status, error: record.error })
  const executor = slurm === undefined ? {} : { executor: slurmExecutor(slurm) }
  const { status } = await runPlan(plan, options, onEvent, stop, { limits, ...executor })
  say({ kind: 'outcome', status })
  process.exitCode = { completed: 0, 'some-failed': 1, interrupted: 130, detached: 4 }[status]
} catch (error) {
  say({ kind: 'error', code: error.code, message: error.message, hint: error.hint })
  process.exitCode = 3
}
