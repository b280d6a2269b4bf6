import { fork } from 'node:child_process'
import { join } from 'node:path'
import { builtRoot } from '../../core/package.js'
import { withoutTelemetry } from '../../engine/compiled/telemetry.js'
import type { FromHost } from '../messages.js'
import type { StartHost } from './hosts.js'

/** Hosts as child processes of this one; they end with it. */
export const startHost: StartHost = (settings, callbacks) => {
  const child = fork(join(builtRoot, 'runner', 'hosts', 'host.js'), [], {
    serialization: 'advanced',
    execArgv: [],
    env: withoutSecrets(withoutTelemetry(process.env)),
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  let lastWords = ''
  child.stdout?.resume()
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    lastWords = (lastWords + text).slice(-lastWordsLength)
  })
  child.on('message', (message) => callbacks.message(message as FromHost))
  // A message that cannot be sent belongs to a host that is ending: its exit is reported. One that never started has no exit.
  child.on('error', (error) => {
    if (child.pid === undefined) callbacks.exit(`it could not be started: ${error.message}`)
  })
  child.on('close', (code, signal) => callbacks.exit(describeExit(code, signal, lastWords)))
  child.send({ kind: 'open', settings }, () => {})
  return {
    name: `process ${child.pid}`,
    send: (message) => {
      if (child.connected) child.send(message, () => {})
    },
    kill: () => {
      child.kill('SIGKILL')
    },
  }
}

/** Hosts run parts of the user's own: they need no address of a queue, which has a password in it. */
function withoutSecrets({ SEQLAB_REDIS_URL: _, ...environment }: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return environment
}

const lastWordsLength = 2000

/** Of an uncaught error Node prints the source line, a caret, the message, the stack and its own version. */
function withoutStack(text: string): string {
  const message = text.replace(/^[\s\S]*?\n\s*\^+\s*\n/, '')
  return message.replace(/^(?: {4}at .*|Node\.js v.*)\n?/gm, '').trim()
}

function describeExit(code: number | null, signal: NodeJS.Signals | null, lastWords: string): string {
  const how = signal === null ? `exit code ${code}` : `signal ${signal}`
  const words = process.env.SEQLAB_DEBUG === '1' ? lastWords.trim() : withoutStack(lastWords)
  return words === '' ? how : `${how}: ${words}`
}
