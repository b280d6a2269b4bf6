// The connection to Redis: its address comes from the environment alone, and nothing of it but host and port is ever shown.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import { SeqlabError } from '../../../core/errors.js'
import { systemErrorCode } from '../../../core/files.js'
import { type Libraries, loadLibraries } from './libraries.js'
import { isLost, redisError, speechTrouble, type Trouble, troubleError, troubleOf } from './trouble.js'

/** Names Redis: `redis://host:6379`, `rediss://user:password@host:port/database`. */
const redisVariable = 'SEQLAB_REDIS_URL'

export interface RedisAddress {
  /** With the password: for the client alone. */
  readonly url: string
  /** `host:port`: for people. */
  readonly server: string
}

/** The address in the environment. Throws SeqlabError 'spec' where there is none, or it is no address of Redis. */
export function redisAddress(env: NodeJS.ProcessEnv = process.env): RedisAddress {
  const url = env[redisVariable] ?? ''
  const hint = `Set it in the shell that starts the command: export ${redisVariable}=rediss://user:password@host:6379`
  if (url === '') throw new SeqlabError('spec', `${redisVariable} is not set: it says where Redis is`, { hint })
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (parsed === undefined || !['redis:', 'rediss:'].includes(parsed.protocol) || parsed.hostname === '')
    throw new SeqlabError(
      'spec',
      `${redisVariable} is not an address of the form redis://host:port or rediss://host:port`,
      { hint },
    )
  if (!/^(\/\d*)?$/.test(parsed.pathname))
    throw new SeqlabError('spec', `${redisVariable} ends in something that is not the number of a database`, {
      hint: 'Leave it out, or give a number: redis://host:6379/0',
    })
  return { url, server: `${parsed.hostname}:${parsed.port || '6379'}` }
}

/** What a connection reports: that it waits, in words, once until it has recovered; and that it has. */
export interface ConnectionCallbacks {
  onWait(message: string): void
  onRecovered(message: string): void
}

export interface Connection {
  readonly libraries: Libraries
  readonly server: string
  readonly redis: Redis
  /** Another connection to the same server, for commands that block. */
  another(): Redis
  /**
   * Does something with Redis. What may go away by itself is waited for, up to `graceMs` from its first failure; then, and of
   * everything else, throws SeqlabError 'run'.
   */
  attempt<T>(work: () => Promise<T>): Promise<T>
  close(): Promise<void>
}

export interface ConnectionSettings extends RedisAddress {
  readonly graceMs: number
  /** How long a server may take until it first answers. */
  readonly connectMs?: number
}

/** Connects. Throws SeqlabError 'run' where Redis does not answer, or refuses, or is too old. */
export async function connect(settings: ConnectionSettings, callbacks: ConnectionCallbacks): Promise<Connection> {
  const libraries = await loadLibraries()
  const { server, graceMs, connectMs = 10_000 } = settings
  const open: Redis[] = []
  const create = (): Redis => {
    const client = new libraries.Redis(settings.url, {
      lazyConnect: true,
      maxRetriesPerRequest: null,
      connectTimeout: connectMs,
      retryStrategy: (times) => Math.min(100 * times, longestPauseMs),
    })
    // Told where something waits for it; without a listener the client prints it.
    client.on('error', (error: unknown) => {
      lastError = error
    })
    open.push(client)
    return client
  }
  let lastError: unknown
  const redis = create()
  await firstConnection(redis, server, connectMs, () => lastError)
  const patience = createPatience(server, graceMs, callbacks)
  redis.on('close', () => patience.failed(lastError ?? new Error('Connection is closed')))
  redis.on('ready', () => patience.succeeded())
  return {
    ...{ libraries, server, redis, another: create },
    attempt: (work) => patience.attempt(work),
    close: async () => {
      patience.end()
      for (const client of open) client.disconnect()
    },
  }
}

const longestPauseMs = 1_000
/** BullMQ's scripts need it. */
const oldestVersion = [6, 2] as const

async function firstConnection(
  redis: Redis,
  server: string,
  connectMs: number,
  lastError: () => unknown,
): Promise<void> {
  let isReached = false
  redis.once('connect', () => {
    isReached = true
  })
  try {
    await within(connectMs, redis.connect())
    refuseUnfit(await redis.info(), server)
    // Of the database that the address names nobody else is told: the client goes on in another one.
    const refused = troubleOf(lastError(), server)
    if (refused?.kind === 'ends') throw troubleError(refused)
  } catch (error) {
    redis.disconnect()
    const last = lastError() ?? error
    const isThere = isReached || systemErrorCode(last) === 'ECONNRESET'
    const cause =
      isThere && isLost(last) ? speechTrouble(server) : (troubleOf(last, server) ?? troubleOf(error, server))
    throw cause === undefined ? redisError(error, server) : troubleError(cause)
  }
}

/** Throws SeqlabError 'run' where the server is too old, or removes what it was told to keep. */
function refuseUnfit(info: string, server: string): void {
  const [, major = '', minor = ''] = /^redis_version:(\d+)\.(\d+)/m.exec(info) ?? []
  const [needsMajor, needsMinor] = oldestVersion
  if (Number(major) < needsMajor || (Number(major) === needsMajor && Number(minor) < needsMinor))
    throw new SeqlabError(
      'run',
      `Redis at ${server} is version ${major}.${minor}; ${oldestVersion.join('.')} or later is needed`,
    )
  const policy = /^maxmemory_policy:(\S+)/m.exec(info)?.[1] ?? 'noeviction'
  if (policy !== 'noeviction')
    throw new SeqlabError(
      'run',
      `Redis at ${server} removes what it was told to keep when it is full (maxmemory-policy ${policy})`,
      {
        hint: 'Ask for one with maxmemory-policy noeviction: redis-cli config set maxmemory-policy noeviction',
      },
    )
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const timer = new AbortController()
  const late = sleep(ms, undefined, { signal: timer.signal }).then(() => {
    throw new Error('connect ETIMEDOUT')
  })
  late.catch(() => {})
  try {
    return await Promise.race([work, late])
  } finally {
    timer.abort()
  }
}

interface Patience {
  attempt<T>(work: () => Promise<T>): Promise<T>
  failed(error: unknown): void
  succeeded(): void
  end(): void
}

/** One account of troubles for all calls: they are reported once, and end the work once they have lasted too long. */
function createPatience(server: string, graceMs: number, { onWait, onRecovered }: ConnectionCallbacks): Patience {
  let since: number | undefined
  let cause: Trouble | undefined
  let isEnded = false
  const failed = (error: unknown) => {
    if (isEnded || since !== undefined) return
    since = performance.now()
    cause = troubleOf(error, server)
    const { message, hint } = cause ?? redisError(error, server)
    onWait(`${message}; waiting for up to ${Math.round(graceMs / 1000)} s. ${hint}`)
  }
  const succeeded = () => {
    if (since === undefined) return
    since = undefined
    onRecovered(`Redis at ${server} works again`)
  }
  const once = async <T>(work: () => Promise<T>): Promise<T> => {
    const started = performance.now()
    // A command of a connection that is lost waits in the client until it is back.
    const limit = new AbortController()
    const late = lateAfter(() => (since === undefined ? started : Math.min(since, started)) + graceMs, limit.signal)
    try {
      return await Promise.race([work(), late])
    } finally {
      limit.abort()
    }
  }
  const attempt = async <T>(work: () => Promise<T>): Promise<T> => {
    for (let pause = 100; ; pause = Math.min(2 * pause, longestPauseMs)) {
      try {
        const result = await once(work)
        succeeded()
        return result
      } catch (error) {
        const trouble = troubleOf(error, server)
        if (trouble?.kind !== 'waits' || isEnded) throw redisError(error, server)
        failed(error)
        // What began the wait is the cause, whatever a later try met.
        if (performance.now() - (since ?? 0) > graceMs) throw troubleError(cause ?? trouble)
        await sleep(pause)
      }
    }
  }
  return {
    ...{ attempt, failed, succeeded },
    end: () => {
      isEnded = true
    },
  }
}

/** Rejects at a moment that may be moved while it is waited for. */
async function lateAfter(atMs: () => number, signal: AbortSignal): Promise<never> {
  for (;;) {
    const leftMs = atMs() - performance.now()
    if (leftMs <= 0) throw new Error('Command timed out')
    try {
      await sleep(leftMs, undefined, { signal, ref: false })
    } catch {
      return new Promise(() => {})
    }
  }
}
