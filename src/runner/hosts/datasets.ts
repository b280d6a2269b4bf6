import type { MessagePort } from 'node:worker_threads'
import type { DatasetReply, LoadedDataset, TrialJob } from '../messages.js'

/**
 * The datasets of a host: each is loaded once, by the first thread that asks (so that the host's own thread stays free
 * to answer), and shared with the others.
 */
export interface Datasets {
  wanted(job: TrialJob, port: MessagePort): void
  loaded(job: TrialJob, reply: LoadedDataset): void
  /** The thread behind this port is gone: where it was loading, the next one loads. */
  gone(port: MessagePort): void
}

interface Entry {
  reply?: LoadedDataset
  loader: MessagePort
  waiting: MessagePort[]
}

/** Datasets in the cache; studies rarely have more than one. */
const maxDatasets = 4

export function createDatasets(): Datasets {
  const entries = new Map<string, Entry>()
  const send = (port: MessagePort, reply: DatasetReply) => port.postMessage(reply)
  const keep = (key: string, entry: Entry) => {
    entries.delete(key)
    entries.set(key, entry)
    const idle = [...entries].filter(([, { reply }]) => reply !== undefined)
    const [oldest] = idle
    if (idle.length > maxDatasets && oldest !== undefined) entries.delete(oldest[0])
  }
  return {
    wanted: (job, port) => {
      const entry = entries.get(keyOf(job))
      if (entry === undefined) {
        keep(keyOf(job), { loader: port, waiting: [] })
        send(port, { kind: 'load' })
      } else if (entry.reply === undefined) entry.waiting.push(port)
      else send(port, entry.reply)
    },
    loaded: (job, reply) => {
      const entry = entries.get(keyOf(job))
      if (entry === undefined) return
      for (const port of entry.waiting) send(port, reply)
      keep(keyOf(job), { reply, loader: entry.loader, waiting: [] })
    },
    gone: (port) => {
      for (const [key, entry] of entries) {
        entry.waiting = entry.waiting.filter((other) => other !== port)
        if (entry.loader !== port || entry.reply !== undefined) continue
        const next = entry.waiting.shift()
        if (next === undefined) entries.delete(key)
        else {
          entry.loader = next
          send(next, { kind: 'load' })
        }
      }
    },
  }
}

function keyOf({ digests, spec, baseDir, dataset }: TrialJob): string {
  return JSON.stringify([digests.training, digests.test, spec.task, spec.data, baseDir, dataset])
}
