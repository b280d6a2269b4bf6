import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { toPlainError } from '../../../core/errors.js'
import { sha256 } from '../../../core/hash.js'
import { builtRoot } from '../../../core/package.js'
import { ownFiles } from '../../../spec/own/given.js'
import type { Drawn, DrawRequest, WorkerParts } from './types.js'

/** Draws pages in a thread, one at a time; what was drawn last is kept. */
export interface Drawer {
  /** `stamp`: changes whenever the page may. */
  draw(kind: DrawRequest['kind'], directory: string, stamp: string): Promise<Drawn>
  close(): Promise<void>
}

const pagesKept = 6

export function createDrawer(): Drawer {
  const folder = mkdtempSync(join(tmpdir(), 'seqlab-view-'))
  const drawn = new Map<string, { readonly stamp: string; readonly page: Promise<Drawn> }>()
  let worker: Worker | undefined
  let last: Promise<unknown> = Promise.resolve()
  const start = () => {
    const data: WorkerParts = { parts: ownFiles() }
    const started = new Worker(join(builtRoot, 'report', 'live', 'draw', 'worker.js'), { workerData: data })
    started.once('exit', () => {
      if (worker === started) worker = undefined
    })
    started.unref()
    return started
  }
  const ask = async (request: DrawRequest): Promise<Drawn> => {
    worker ??= start()
    return answerOf(worker, request)
  }
  return {
    draw: (kind, directory, stamp) => {
      const key = `${kind} ${directory}`
      const known = drawn.get(key)
      if (known?.stamp === stamp) return known.page
      const request = { kind, directory, path: join(folder, `${sha256(directory).slice(0, 32)}.html`) }
      const page = last.then(() => ask(request))
      last = page
      // As large as a model is, and a page asks for it once.
      if (kind === 'model') return page
      drawn.delete(key)
      drawn.set(key, { stamp, page })
      for (const oldest of [...drawn.keys()].slice(0, -pagesKept)) drawn.delete(oldest)
      return page
    },
    close: async () => {
      await worker?.terminate()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function answerOf(worker: Worker, request: DrawRequest): Promise<Drawn> {
  return new Promise((resolve) => {
    const end = (answer: Drawn) => {
      worker.off('message', end).off('error', fail).off('exit', exit)
      resolve(answer)
    }
    const fail = (error: Error) => end({ error: toPlainError(error).message })
    const exit = () => end({ error: 'The thread that draws pages ended' })
    worker.on('message', end).on('error', fail).on('exit', exit)
    worker.postMessage(request)
  })
}
