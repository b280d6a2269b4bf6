// Who listens: each worker says so again and again, so that a coordinator can say what its jobs wait for.
import Type, { type Static } from 'typebox'
import { matches } from '../../../core/checked-json.js'
import { jsonLine, parseJson } from '../../../core/json.js'
import { versionDifferences } from '../../../store/index.js'
import type { Connection } from './connection.js'
import type { QueueSettings } from './settings.js'

const text = Type.String({ maxLength: 1000 })
const listenerSchema = Type.Object(
  {
    id: text,
    host: text,
    pid: Type.Integer(),
    /** Jobs at a time. */
    slots: Type.Integer({ minimum: 1 }),
    /** The queue that it takes jobs from. */
    queue: text,
    versions: Type.Record(text, text),
  },
  { additionalProperties: false },
)

/** A worker, as it describes itself. */
export type Listener = Static<typeof listenerSchema>

/** All workers of queues of one name, whatever their versions: by when their sign of life expires. */
const listenersKey = (queue: string) => `seqlab-workers:${queue}`

const sayScript = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
if ARGV[2] ~= '0' then redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1]) else redis.call('ZREM', KEYS[1], ARGV[1]) end
redis.call('PEXPIRE', KEYS[1], 86400000)
return 1`

const askScript = `
local time = redis.call('TIME')
return redis.call('ZRANGEBYSCORE', KEYS[1], time[1] * 1000 + math.floor(time[2] / 1000), '+inf', 'LIMIT', 0, 10000)`

/** Says that a worker listens for so long; 0: no longer. Throws SeqlabError 'run' where Redis is away for longer than the grace. */
export async function sayListening(
  { redis, attempt }: Connection,
  queue: string,
  listener: Listener,
  forMs: number,
): Promise<void> {
  await attempt(() => redis.eval(sayScript, 1, listenersKey(queue), jsonLine(listener), forMs))
}

/** Workers that listen now. */
async function listeners({ redis, attempt }: Connection, queue: string): Promise<readonly Listener[]> {
  const answer = await attempt(() => redis.eval(askScript, 1, listenersKey(queue)))
  const lines: readonly unknown[] = Array.isArray(answer) ? answer : []
  return lines.flatMap((line) => {
    const value = typeof line === 'string' ? parseJson(line) : undefined
    return matches(listenerSchema, value) ? [value] : []
  })
}

export interface WatchPorts {
  readonly connection: Connection
  readonly queueName: string
  readonly queueSettings: Pick<QueueSettings, 'queue' | 'pollMs'>
  readonly versions: Readonly<Record<string, string>>
  warn(message: string): void
}

/** Looks once in `pollMs`, however often it is called, whether somebody takes the jobs, and says why nobody does: once. */
export function workerWatch({ connection, queueName, queueSettings, versions, warn }: WatchPorts): () => Promise<void> {
  let askedAt = Number.NEGATIVE_INFINITY
  let said: string | undefined
  return async () => {
    if (performance.now() - askedAt < queueSettings.pollMs) return
    askedAt = performance.now()
    const missing = nobodyListens(await listeners(connection, queueSettings.queue), queueName, versions)
    if (missing !== undefined && missing !== said) warn(missing)
    said = missing
  }
}

/** Why nobody takes the jobs of a queue; undefined where somebody does. */
function nobodyListens(
  all: readonly Listener[],
  queue: string,
  versions: Readonly<Record<string, string>>,
): string | undefined {
  if (all.some((listener) => listener.queue === queue)) return undefined
  const [other] = all
  if (other === undefined)
    return 'No worker listens to the queue: jobs wait until one is started (seqlab worker --cluster FILE)'
  const differences = versionDifferences(other.versions, versions).join(', ')
  const count = all.length === 1 ? 'The only worker has' : `All ${all.length} workers have`
  return `${count} another version (${differences}): jobs wait until one of this version is started`
}
