import type { ServerResponse } from 'node:http'
import type { Query, Update } from '../types.js'
import type { Watch } from '../watch/index.js'

/** A page that is told of changes. */
interface Stream {
  readonly response: ServerResponse
  query: Query
  /** Id of the last update that it was sent. */
  since: string | undefined
}

/** The event streams of all pages. */
export interface Streams {
  /** Whether there are as many as there may be. */
  isFull(): boolean
  /** Sends what is new since an update and all that is to come. */
  add(response: ServerResponse, query: Query, since: string | undefined): void
  close(): void
}

export const mostStreams = 100
const lookMs = 500
/** So often a silent stream is written to: a proxy closes one that is not, and a page that is gone is noticed. */
const silentMs = 15_000
/** What a page may be behind by, in bytes. One that is further comes again, and is told what is new then. */
const mostBehind = 16 << 20

export function openStreams(watch: Watch): Streams {
  const streams = new Set<Stream>()
  let timer: NodeJS.Timeout | undefined
  let wroteMs = Date.now()
  const send = (stream: Stream) => {
    const { response, query, since } = stream
    if (response.writableLength > mostBehind) return void response.destroy()
    const update = watch.update(query, since)
    if (update === undefined) return
    stream.since = update.id
    stream.query = { ...query, fresh: [] }
    response.write(eventText(update))
  }
  const look = async () => {
    await watch.refresh()
    const queries = [...streams].map(({ query }) => query)
    watch.forgetRuns({
      curves: new Set(queries.flatMap(({ runs }) => runs)),
      samples: new Set(queries.flatMap(({ samples = [] }) => samples)),
    })
    for (const stream of streams) send(stream)
    if (Date.now() - wroteMs > silentMs) {
      wroteMs = Date.now()
      for (const { response } of streams) response.write(': still here\n\n')
    }
  }
  let isLooking = false
  const next = () => {
    isLooking = false
    if (streams.size === 0) return
    timer = setTimeout(() => {
      timer = undefined
      isLooking = true
      // What cannot be read now can be at the next look.
      look()
        .catch(() => {})
        .finally(next)
    }, lookMs)
  }
  return {
    isFull: () => streams.size >= mostStreams,
    add: (response, query, since) => {
      const stream: Stream = { response, query, since }
      streams.add(stream)
      response.on('close', () => streams.delete(stream))
      response.write('retry: 2000\n\n')
      send(stream)
      if (timer === undefined && !isLooking) next()
    },
    close: () => {
      clearTimeout(timer)
      for (const { response } of streams) response.end()
      streams.clear()
    },
  }
}

function eventText(update: Update): string {
  return `id: ${update.id}\ndata: ${JSON.stringify(update)}\n\n`
}
