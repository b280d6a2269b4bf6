import type { Query, Update } from '../types.js'

/** The stream of updates; `query` is asked for anew at every call. */
export interface Connection {
  /** What is shown has changed. */
  restart(): void
}

interface Given {
  readonly base: string
  query(): Query
  /** Id of the last update. */
  since(): string | undefined
  onUpdate(update: Update): void
  onState(state: 'live' | 'paused' | 'lost'): void
}

const againMs = 3000

export function connect({ base, query, since, onUpdate, onState }: Given): Connection {
  let source: EventSource | undefined
  let timer = 0
  const close = () => {
    clearTimeout(timer)
    source?.close()
    source = undefined
  }
  const open = () => {
    close()
    const opened = new EventSource(`${base}events?${parametersOf(query(), since())}`)
    source = opened
    opened.addEventListener('open', () => onState('live'))
    opened.addEventListener('message', ({ data }: MessageEvent<string>) => {
      onState('live')
      const update: Update = JSON.parse(data)
      onUpdate(update)
    })
    opened.addEventListener('error', () => {
      onState('lost')
      // The browser comes again by itself unless it was refused.
      if (opened.readyState !== EventSource.CLOSED || source !== opened) return
      timer = window.setTimeout(open, againMs)
    })
  }
  // A browser has few connections for all tabs of a server: one that nobody looks at gives its own back.
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) return open()
    close()
    onState('paused')
  })
  if (!document.hidden) open()
  return { restart: open }
}

function parametersOf({ studies, study, runs, fresh, samples }: Query, since: string | undefined): string {
  const parameters = new URLSearchParams()
  if (studies) parameters.set('studies', '1')
  if (study !== undefined) parameters.set('study', study)
  for (const run of runs) parameters.append(fresh.includes(run) ? 'new' : 'run', run)
  if (samples !== undefined) parameters.set('samples', samples)
  if (since !== undefined) parameters.set('after', since)
  return parameters.toString()
}
