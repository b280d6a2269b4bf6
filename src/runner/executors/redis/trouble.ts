// What Redis refuses, in words. Its client's errors contain the command with its arguments, AUTH's password among them: they
// are never passed on, only what is said here is.
import { SeqlabError } from '../../../core/errors.js'
import { systemErrorCode } from '../../../core/files.js'

/** `waits`: what may go away by itself (a server that is started again, memory that is freed); `ends`: what will not. */
export interface Trouble {
  readonly kind: 'waits' | 'ends'
  readonly message: string
  readonly hint: string
}

interface Known {
  readonly starts: readonly string[]
  readonly kind: Trouble['kind']
  readonly what: string
  readonly hint: string
}

const queued = 'What is queued and what was saved stays; the same command goes on with it.'

/** By the first word of the server's answer, or by the system's code. */
const known: readonly Known[] = [
  {
    starts: ['OOM'],
    kind: 'waits',
    what: 'is full: it takes nothing more (maxmemory)',
    hint: `Give it more memory, or remove what is not needed. ${queued}`,
  },
  {
    starts: ['READONLY'],
    kind: 'waits',
    what: 'takes nothing: it is a read-only replica',
    hint: `Name the primary server in SEQLAB_REDIS_URL. ${queued}`,
  },
  {
    starts: ['MISCONF'],
    kind: 'waits',
    what: 'takes nothing: it cannot write to its own disk',
    hint: `Look into its log. ${queued}`,
  },
  {
    starts: ['LOADING', 'BUSY', 'MASTERDOWN', 'TRYAGAIN'],
    kind: 'waits',
    what: 'is not ready yet',
    hint: `Wait until it has loaded its data. ${queued}`,
  },
  {
    starts: ['NOAUTH', 'WRONGPASS', 'NOPERM', 'ERR AUTH', 'ERR invalid password', 'ERR Client sent AUTH'],
    kind: 'ends',
    what: 'refuses the user or the password',
    hint: 'SEQLAB_REDIS_URL has both: rediss://user:password@host:port (special characters as %40).',
  },
  {
    starts: [
      'DEPTH_ZERO_SELF_SIGNED_CERT',
      'SELF_SIGNED_CERT_IN_CHAIN',
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      'CERT_',
      'ERR_TLS_CERT_ALTNAME_INVALID',
      'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    ],
    kind: 'ends',
    what: 'has a certificate that is not trusted here',
    hint: 'NODE_EXTRA_CA_CERTS names the file of the authority that signed it.',
  },
  {
    starts: ['ERR_SSL', 'EPROTO'],
    kind: 'ends',
    what: 'does not speak TLS as it is asked to',
    hint: 'SEQLAB_REDIS_URL begins with rediss:// where the server has TLS, else with redis://.',
  },
  {
    starts: ['ENOTFOUND', 'EAI_AGAIN'],
    kind: 'waits',
    what: 'has a name that is not found',
    hint: 'Check the host in SEQLAB_REDIS_URL.',
  },
  {
    starts: ['ERR DB index', 'ERR invalid DB index'],
    kind: 'ends',
    what: 'has no database of that number',
    hint: 'SEQLAB_REDIS_URL ends in it: redis://host:port/0. Most servers have 0 to 15.',
  },
]

/** A server that is there, and answers nothing or ends the connection: it speaks TLS, and is not asked so, or the other way round. */
export function speechTrouble(server: string): Trouble {
  return {
    kind: 'ends',
    message: `Redis at ${server} takes the connection and does not answer`,
    hint: 'SEQLAB_REDIS_URL begins with rediss:// where the server speaks TLS, and with redis:// where it does not.',
  }
}

/** What an error of Redis or of its client means; undefined where it is no such error. */
export function troubleOf(error: unknown, server: string): Trouble | undefined {
  const text = error instanceof Error ? error.message : String(error)
  const code = systemErrorCode(error) ?? ''
  const match = known.find(({ starts }) =>
    starts.some((start) => beginning(text).startsWith(start) || code.startsWith(start)),
  )
  if (match !== undefined) return { kind: match.kind, message: `Redis at ${server} ${match.what}`, hint: match.hint }
  if (!isConnectionLost(text, code)) return undefined
  return {
    kind: 'waits',
    message: `Redis at ${server} does not answer`,
    hint: `Start it, or check SEQLAB_REDIS_URL (rediss:// where the server speaks TLS, else redis://). ${queued}`,
  }
}

/** A script's error begins with the server's own word too, after `ERR Error running script ... :` in older versions. */
function beginning(text: string): string {
  return text.replace(/^(?:ReplyError: )?(?:ERR Error running script.*?: ?(?:@[^:]*: ?\d+: )?-?)?/, '')
}

/** Whether nothing was said: the connection ended, or did not come about. */
export function isLost(error: unknown): boolean {
  return isConnectionLost(error instanceof Error ? error.message : String(error), systemErrorCode(error) ?? '')
}

const lostCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ECONNABORTED',
])

function isConnectionLost(text: string, code: string): boolean {
  return (
    lostCodes.has(code) ||
    /^(?:Connection is closed|connect ETIMEDOUT|Command timed out|Stream isn't writeable|Socket closed|Reached the max retries)/.test(
      text,
    )
  )
}

/** The same as an error to be shown. */
export function troubleError({ message, hint }: Trouble): SeqlabError {
  return new SeqlabError('run', message, { hint })
}

/** Any error of a call of Redis, without what only its client knows of it. */
export function redisError(error: unknown, server: string): SeqlabError {
  if (error instanceof SeqlabError) return error
  const trouble = troubleOf(error, server)
  if (trouble !== undefined) return troubleError(trouble)
  const text = error instanceof Error ? error.message : String(error)
  return new SeqlabError('run', `Redis at ${server} refused: ${text}`)
}
