// Tries changes in child processes, several at a time.
import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { withBundles } from './bundle.js'
import { type Answer, type Change, notRun, ready, type Work } from './work.js'

/** A process that does not answer for this long hangs: on its first answer, which is of the unchanged code, it reads every module. */
const longestMs = 600_000

export interface RunOptions extends Pick<Work, 'tests' | 'ownFirst'> {
  readonly processes: number
  readonly onAnswer: (answer: Answer) => void
}

/** Ids of the changes that no test noticed. */
export async function unnoticed(changes: readonly Change[], options: RunOptions): Promise<ReadonlySet<number>> {
  const survivors = new Set<number>()
  const note = (answer: Answer) => {
    if (!answer.noticed) survivors.add(answer.id)
    options.onAnswer(answer)
  }
  const shares = Array.from({ length: options.processes }, (_, at) =>
    changes.filter((_, index) => index % options.processes === at),
  )
  const { tests, ownFirst } = options
  await withBundles((bundled) =>
    Promise.all(shares.map((share) => runShare(share, { tests, ownFirst, bundled }, note))),
  )
  return survivors
}

/** One process after the other, until every change of the share has an answer. */
async function runShare(share: readonly Change[], shared: Omit<Work, 'changes'>, note: (answer: Answer) => void) {
  let left = share
  while (left.length > 0) {
    const answered = await runProcess({ ...shared, changes: left }, note)
    const [hung, ...rest] = left.slice(answered)
    if (hung !== undefined) note({ id: hung.id, noticed: true })
    left = rest
  }
}

/**
 * How many changes were answered before the process ended, by itself or for taking too long over one. Errors: tests that fail
 * on the unchanged code, which would notice every change.
 */
function runProcess(work: Work, note: (answer: Answer) => void): Promise<number> {
  const child = fork(fileURLToPath(new URL('worker.ts', import.meta.url)), { execArgv: process.execArgv })
  return new Promise((resolve, reject) => {
    let answered = 0
    let trying = false
    let timer = killLater(child)
    child.on('message', (message: Answer | typeof ready) => {
      clearTimeout(timer)
      trying = message === ready
      if (message !== ready) {
        answered++
        note(message)
      }
      timer = killLater(child)
    })
    child.on('exit', (code, signal) => {
      clearTimeout(timer)
      if (code === notRun) reject(new Error('The tests cannot be run: see above'))
      else if (signal !== null && !trying) reject(new Error('The tests of the unchanged code took over ten minutes'))
      else resolve(answered)
    })
    child.send(work)
  })
}

function killLater(child: ChildProcess): NodeJS.Timeout {
  return setTimeout(() => child.kill('SIGKILL'), longestMs)
}
