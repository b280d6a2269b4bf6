import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SeqlabError } from '../../../src/core/errors.js'
import { connect, redisAddress } from '../../../src/runner/executors/redis/connection.js'
import { sayListening } from '../../../src/runner/executors/redis/workers.js'
import { freePort, type RedisServer, startRedis, withoutRedis } from '../../cluster/redis.js'

const secret = 'p@ss word/1'
const ignore = { onWait: () => {}, onRecovered: () => {} }

/** Everything that could be printed of what was thrown. */
async function thrown(work: () => Promise<unknown>): Promise<SeqlabError> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof SeqlabError)) throw error
    const all = `${error.message} ${error.hint} ${error.stack} ${JSON.stringify(error.cause ?? '')}`
    for (const form of [secret, encodeURIComponent(secret), 'somebody']) expect(all).not.toContain(form)
    return error
  }
  throw new Error('nothing was thrown')
}

describe('the address', () => {
  it('comes from SEQLAB_REDIS_URL; only host and port are shown', () => {
    const url = `rediss://somebody:${encodeURIComponent(secret)}@queue.example.org/2`
    expect(redisAddress({ SEQLAB_REDIS_URL: url })).toEqual({ url, server: 'queue.example.org:6379' })
  })

  it.each([
    undefined,
    '',
    'queue.example.org:6379',
    'http://somebody@queue.example.org',
    'redis://',
    `${secret}`,
    'redis://host/abc',
    'redis://host/1/2',
  ])('is asked for where it is none, without showing it: %s', async (url) => {
    const error = await thrown(async () => redisAddress({ SEQLAB_REDIS_URL: url }))
    expect(error.code).toBe('spec')
    expect(error.hint).toMatch(/export SEQLAB_REDIS_URL=|give a number: redis:\/\/host:6379\/0/)
  })
})

describe.skipIf(withoutRedis !== undefined)(`a connection to Redis ${withoutRedis ?? ''}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'seqlab-connection-'))
  const tls = { key: join(folder, 'key.pem'), certificate: join(folder, 'certificate.pem') }
  let open: RedisServer
  let closed: RedisServer
  let secure: RedisServer
  beforeAll(async () => {
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1']
    const made = ['-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', tls.key, '-out', tls.certificate]
    execFileSync('openssl', ['req', '-x509', ...made, ...subject], { stdio: 'ignore' })
    open = await startRedis()
    closed = await startRedis({ password: secret })
    secure = await startRedis({ password: secret, tls })
  })
  afterAll(async () => {
    for (const server of [open, closed, secure]) await server.stop()
    rmSync(folder, { recursive: true })
  })
  const to = (url: string, connectMs = 10_000) =>
    connect({ ...redisAddress({ SEQLAB_REDIS_URL: url }), graceMs: 1000, connectMs }, ignore)

  it('is made, also with a password', async () => {
    for (const { url } of [open, closed]) {
      const connection = await to(url)
      expect(await connection.redis.ping()).toBe('PONG')
      await connection.close()
    }
  })

  it('says what is wrong in one sentence, and nothing of the password', async () => {
    const wrong = closed.url.replace(encodeURIComponent(secret), 'somebody')
    expect((await thrown(() => to(wrong))).message).toBe(
      `Redis at 127.0.0.1:${closed.port} refuses the user or the password`,
    )
    const without = `redis://127.0.0.1:${closed.port}`
    expect((await thrown(() => to(without))).message).toContain('refuses the user or the password')
    const nobody = await freePort()
    const error = await thrown(() => to(`redis://somebody:${encodeURIComponent(secret)}@127.0.0.1:${nobody}`))
    expect(error.message).toBe(`Redis at 127.0.0.1:${nobody} does not answer`)
    expect(error.hint).toContain('SEQLAB_REDIS_URL')
  })

  it('is encrypted where the address says rediss, and trusts no certificate by itself', {
    timeout: 60_000,
  }, async () => {
    expect((await thrown(() => to(secure.url))).message).toContain('has a certificate that is not trusted here')
    const plain = await thrown(() => to(secure.url.replace('rediss:', 'redis:'), 2000))
    expect(plain.message).toBe(`Redis at 127.0.0.1:${secure.port} takes the connection and does not answer`)
    const encrypted = await thrown(() => to(closed.url.replace('redis:', 'rediss:'), 2000))
    expect(encrypted.message).toContain('does not answer')
    for (const { hint } of [plain, encrypted]) expect(hint).toContain('rediss:// where the server speaks TLS')
    const script = `
      const { connect, redisAddress } = await import(${JSON.stringify(join(import.meta.dirname, '../../../src/runner/executors/redis/connection.ts'))})
      const connection = await connect({ ...redisAddress(), graceMs: 1000 }, { onWait() {}, onRecovered() {} })
      process.stdout.write(await connection.redis.ping())
      await connection.close()`
    const env = { ...process.env, SEQLAB_REDIS_URL: secure.url, NODE_EXTRA_CA_CERTS: tls.certificate }
    const answer = execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
      env,
      encoding: 'utf8',
    })
    expect(answer).toBe('PONG')
  })

  it('is to the database that the address names, or to none', async () => {
    const connection = await to(`${open.url}/3`)
    await connection.redis.set('where', 'three')
    await connection.close()
    expect(open.command('-n', '3', 'GET', 'where')).toBe('three')
    const error = await thrown(() => to(`${open.url}/99`))
    expect(error.message).toBe(`Redis at 127.0.0.1:${open.port} has no database of that number`)
  })

  it('is refused where the server removes what it was told to keep', async () => {
    open.command('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru')
    const error = await thrown(() => to(open.url))
    expect(error.message).toContain('removes what it was told to keep when it is full (maxmemory-policy allkeys-lru)')
    open.command('CONFIG', 'SET', 'maxmemory-policy', 'noeviction')
  })

  it('waits for what may go away by itself, says so once, and gives up after the grace', async () => {
    const told: string[] = []
    const callbacks = {
      onWait: (message: string) => told.push(message),
      onRecovered: (message: string) => told.push(message),
    }
    const connection = await connect({ url: open.url, server: 'here', graceMs: 1500 }, callbacks)
    open.command('CONFIG', 'SET', 'maxmemory', '1')
    const write = connection.attempt(() => connection.redis.set('key', 'value'))
    setTimeout(() => open.command('CONFIG', 'SET', 'maxmemory', '0'), 500)
    expect(await write).toBe('OK')
    expect(told).toEqual([expect.stringContaining('Redis at here is full'), 'Redis at here works again'])
    open.command('REPLICAOF', '127.0.0.1', '1')
    const error = await thrown(() => connection.attempt(() => connection.redis.set('key', 'value')))
    expect(error.message).toBe('Redis at here takes nothing: it is a read-only replica')
    open.command('REPLICAOF', 'NO', 'ONE')
    await connection.close()
  })

  it('gives up after the grace what would wait in the client until Redis is back: a worker ends', async () => {
    const server = await startRedis()
    const connection = await connect({ url: server.url, server: 'here', graceMs: 300 }, ignore)
    const worker = { id: 'w', host: 'h', pid: 1, slots: 1, queue: 'q', versions: {} }
    await sayListening(connection, 'q', worker, 1000)
    await server.stop()
    expect((await thrown(() => sayListening(connection, 'q', worker, 0))).message).toMatch(/^Redis at here /)
    await connection.close()
  })
})
