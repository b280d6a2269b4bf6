// A redis-server of its own for a test, in a scratch folder on a free port.
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** Why tests over Redis are left out here; undefined where they can run. */
export const withoutRedis: string | undefined =
  spawnSync('redis-server', ['--version']).status === 0 ? undefined : 'redis-server is not installed here'

export interface RedisServer {
  readonly folder: string
  readonly port: number
  /** For SEQLAB_REDIS_URL. */
  readonly url: string
  /** What redis-cli prints. */
  command(...args: readonly string[]): string
  /** SIGKILL; its files stay. */
  kill(): Promise<void>
  /** Starts it again on its files. */
  start(...more: readonly string[]): Promise<void>
  /** Stops it and removes its files. */
  stop(): Promise<void>
}

export interface RedisOptions {
  readonly password?: string
  /** Of a server that speaks TLS alone: its certificate, which is its own authority. */
  readonly tls?: { readonly key: string; readonly certificate: string }
  /** Further options of redis-server. */
  readonly more?: readonly string[]
}

/** Starts a server that keeps what it is told (append-only file) and evicts nothing. */
export async function startRedis({ password, tls, more = [] }: RedisOptions = {}): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), 'seqlab-redis-'))
  const port = await freePort()
  const tlsArgs = tls && [
    '--tls-port',
    port,
    '--port',
    0,
    '--tls-cert-file',
    tls.certificate,
    '--tls-key-file',
    tls.key,
  ]
  const listening = tlsArgs
    ? [...tlsArgs, '--tls-ca-cert-file', tls.certificate, '--tls-auth-clients', 'no']
    : ['--port', port]
  const secret = password === undefined ? [] : ['--requirepass', password]
  const pidFile = join(folder, 'redis.pid')
  const cli = [
    ...(tls ? ['--tls', '--cacert', tls.certificate] : []),
    ...(password === undefined ? [] : ['-a', password, '--no-auth-warning']),
  ]
  const command = (...args: readonly string[]) =>
    execFileSync('redis-cli', ['-p', String(port), ...cli, ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim()
  const start = async (...extra: readonly string[]) => {
    const kept = [
      '--dir',
      folder,
      '--appendonly',
      'yes',
      '--appendfsync',
      'always',
      '--save',
      '',
      '--maxmemory-policy',
      'noeviction',
    ]
    const place = [
      '--bind',
      '127.0.0.1',
      ...listening,
      '--pidfile',
      pidFile,
      '--daemonize',
      'yes',
      '--logfile',
      join(folder, 'redis.log'),
    ]
    spawn('redis-server', [...place, ...kept, ...secret, ...more, ...extra].map(String), { stdio: 'ignore' })
    await until(() => answers(command))
  }
  const kill = async () => {
    const pid = existsSync(pidFile) ? Number(readFileSync(pidFile, 'utf8')) : Number.NaN
    if (!Number.isInteger(pid)) return
    tryKill(pid)
    await until(() => !isRunning(pid))
    rmSync(pidFile, { force: true })
  }
  await start()
  return {
    ...{ folder, port, command, kill, start },
    url: `${tls ? 'rediss' : 'redis'}://${password === undefined ? '' : `:${encodeURIComponent(password)}@`}127.0.0.1:${port}`,
    stop: async () => {
      await kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A port that nothing listens on. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}

function answers(command: RedisServer['command']): boolean {
  try {
    return command('ping') === 'PONG'
  } catch {
    return false
  }
}

function tryKill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It is gone already.
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

async function until(condition: () => boolean): Promise<void> {
  for (let left = 600; !condition(); left--) {
    if (left === 0) throw new Error('redis-server did not do what was asked within a minute')
    await sleep(100)
  }
}
