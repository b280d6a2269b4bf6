// A worker of the queue as a process of its own: `node work.mjs JOB.json`. It prints its lines as events, and ends with 0,
// or with 3 after an error.
import { readFileSync, writeSync } from 'node:fs'

const { program, worker } = JSON.parse(readFileSync(process.argv[2], 'utf8'))
const { runWorker } = await import(`${program}/agent.js`)
const { createStopSignal } = await import(`${program}/stop.js`)

const say = (kind) => (message) => writeSync(1, `${JSON.stringify({ kind, message })}\n`)
const stop = createStopSignal()
process.on('SIGINT', () => (stop.stage === 'none' ? stop.request() : stop.kill()))
try {
  await runWorker(worker, { say: say('line'), warn: say('warning') }, stop)
} catch (error) {
  say('error')(error.message)
  process.exitCode = 3
}
