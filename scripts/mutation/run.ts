// Tries changes in child processes, several at a time.
import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { withBundles } from './bundle.js'
import { type Ended, portionOf, settle } from './settle.js'
import { type Answer, type Change, exits, ready, sound, type Work } from './work.js'

/** A process that does not answer for this long hangs: on its first answer, which is of the unchanged code, it reads every module. */
const longestMs = 600_000

export interface RunOptions extends Pick<Work, 'tests' | 'ownFirst'> {
  readonly processes: number
  readonly onAnswer: (answer: Answer) => void
}

/** Tries changes; every one is answered. */
export async function tryChanges(changes: readonly Change[], options: RunOptions): Promise<void> {
  const shares = Array.from({ length: options.processes }, (_, at) =>
    changes.filter((_, index) => index % options.processes === at),
  )
  const { tests, ownFirst, onAnswer } = options
  await withBundles((bundled) =>
    Promise.all(shares.map((share) => runShare(share, { tests, ownFirst, bundled }, onAnswer))),
  )
}

/** One process after the other, until every change of the share has an answer. */
async function runShare(
  share: readonly Change[],
  shared: Omit<Work, 'changes' | 'checkEach'>,
  note: (answer: Answer) => void,
) {
  let left = share
  let doubted: ReadonlySet<number> = new Set()
  while (left.length > 0) {
    const ended = await runProcess({ ...shared, ...portionOf(left, doubted) }, note)
    const settlement = settle(left, doubted, ended)
    settlement.answers.forEach(note)
    left = settlement.left
    doubted = settlement.doubted
  }
}

/**
 * Notes what holds, until the process ends, by itself or for taking too long over one change. Errors: tests that fail on the
 * unchanged code, which would notice every change.
 */
function runProcess(work: Work, note: (answer: Answer) => void): Promise<Ended> {
  const child = fork(fileURLToPath(new URL('worker.ts', import.meta.url)), { execArgv: process.execArgv })
  return new Promise((resolve, reject) => {
    let settled = 0
    let pending: Answer[] = []
    let trying = false
    let timer = killLater(child)
    child.on('message', (message: Answer | typeof ready | typeof sound) => {
      clearTimeout(timer)
      trying = message === ready
      if (message === sound) {
        settled += pending.length
        pending.forEach(note)
        pending = []
      } else if (message !== ready) pending.push(message)
      timer = killLater(child)
    })
    child.on('exit', (code) => {
      clearTimeout(timer)
      if (code === exits.notRun) reject(new Error('The tests cannot be run: see above'))
      else resolve({ settled, pending, trying, checkEach: work.checkEach, code })
    })
    child.send(work)
  })
}

function killLater(child: ChildProcess): NodeJS.Timeout {
  return setTimeout(() => child.kill('SIGKILL'), longestMs)
}
