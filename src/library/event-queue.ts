/** Events of something that runs, for one reader. */
export interface EventQueue<Event> {
  push(event: Event): void
  /** Ends the reading. */
  end(): void
  /** Ends the reading with an error. */
  fail(error: unknown): void
  readonly events: AsyncIterable<Event>
}

interface Reader<Event> {
  resolve(result: IteratorResult<Event, undefined>): void
  reject(error: unknown): void
}

const done = { done: true, value: undefined } as const

/**
 * Events wait for their reader from when it begins to read until it stops (`break`): who does not read keeps nothing in
 * memory. Stopping ends nothing but the reading.
 */
export function createEventQueue<Event>(): EventQueue<Event> {
  const kept: Event[] = []
  const readers: Reader<Event>[] = []
  let reading = false
  let ended: ((reader: Reader<Event>) => void) | undefined
  const finish = (how: (reader: Reader<Event>) => void) => {
    ended ??= how
    for (const reader of readers.splice(0)) ended(reader)
  }
  const next = () =>
    new Promise<IteratorResult<Event, undefined>>((resolve, reject) => {
      const event = kept.shift()
      if (event !== undefined) resolve({ done: false, value: event })
      else if (ended !== undefined) ended({ resolve, reject })
      else if (reading) readers.push({ resolve, reject })
      else resolve(done)
    })
  const stop = () => {
    reading = false
    kept.length = 0
    return Promise.resolve(done)
  }
  return {
    push: (value) => {
      const reader = readers.shift()
      if (reader !== undefined) reader.resolve({ done: false, value })
      else if (reading && ended === undefined) kept.push(value)
    },
    end: () => finish(({ resolve }) => resolve(done)),
    fail: (error) => finish(({ reject }) => reject(error)),
    events: {
      [Symbol.asyncIterator]: () => {
        reading = true
        return { next, return: stop }
      },
    },
  }
}
