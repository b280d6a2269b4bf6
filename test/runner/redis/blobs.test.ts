import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateRawSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sha256 } from '../../../src/core/hash.js'
import { type Blobs, bytesSource, fileSource, openBlobs } from '../../../src/runner/executors/redis/blobs.js'
import { type Connection, connect } from '../../../src/runner/executors/redis/connection.js'
import { keysOf } from '../../../src/runner/executors/redis/keys.js'
import { pieceBytes } from '../../../src/runner/executors/redis/pieces.js'
import { type RedisServer, startRedis, withoutRedis } from '../../cluster/redis.js'

const keys = keysOf('test')
const settings = { largestBytes: 32 * 2 ** 20, keepMs: 60_000 }
const ignore = { onWait: () => {}, onRecovered: () => {} }

describe.skipIf(withoutRedis !== undefined)(`blobs in Redis ${withoutRedis ?? ''}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'seqlab-blobs-'))
  let server: RedisServer
  let connection: Connection
  let blobs: Blobs
  beforeAll(async () => {
    server = await startRedis()
    connection = await connect({ url: server.url, server: 'here', graceMs: 2000 }, ignore)
    blobs = openBlobs(connection, keys, settings)
  })
  afterAll(async () => {
    await connection.close()
    await server.stop()
    rmSync(folder, { recursive: true })
  })
  const path = (name: string) => join(folder, name)
  const load = async (reference: { sha256: string; bytes: number }) => {
    const to = path(`loaded-${reference.sha256}`)
    await blobs.download(reference, to)
    const bytes = readFileSync(to)
    rmSync(to)
    return bytes
  }

  it.each([0, 1, 255, 100_000, pieceBytes, pieceBytes + 1, 2 * pieceBytes + 12_345])(
    'stores and loads %i bytes of a file, whether they compress or not',
    async (length) => {
      const noise = Buffer.alloc(length)
      for (let at = 0, state = 1; at < length; at++) {
        state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
        noise[at] = state >>> 16
      }
      for (const bytes of [Buffer.alloc(length, 'text '), noise]) {
        writeFileSync(path('file'), bytes)
        const source = fileSource(path('file'), { sha256: sha256(bytes), bytes: length })
        const reference = await blobs.put({ name: 'a' }, source)
        expect(reference).toEqual({ sha256: sha256(bytes), bytes: length })
        expect((await load(reference)).equals(bytes)).toBe(true)
      }
      await blobs.keepOnly('a', [])
    },
  )

  it('stores text in a fraction of its size, and weights as they are', async () => {
    const text = Buffer.alloc(2 ** 20, 'the same words again and again ')
    const reference = await blobs.put({ name: 'a' }, bytesSource(text))
    expect(Number(server.command('HSTRLEN', keys.blob(reference.sha256), '0'))).toBeLessThan(text.length / 20)
    await blobs.keepOnly('a', [])
  })

  it('keeps a blob as long as somebody holds it, and nothing afterwards', async () => {
    const [one, two] = [Buffer.from('one'), Buffer.from('two')]
    const first = await blobs.put({ name: 'a' }, bytesSource(one))
    await blobs.put({ name: 'b' }, bytesSource(one))
    const second = await blobs.put({ name: 'a' }, bytesSource(two))
    await blobs.keepOnly('a', [second.sha256])
    expect((await load(first)).toString()).toBe('one')
    await blobs.keepOnly('b', [])
    await expect(load(first)).rejects.toThrow('is no longer in Redis')
    expect((await load(second)).toString()).toBe('two')
    await blobs.keepOnly('a', [])
    expect(server.command('DBSIZE')).toBe('0')
  })

  it('stores again what was removed while it was stored, never as if it were whole', async () => {
    const bytes = Buffer.alloc(pieceBytes + 1, 'x')
    const digest = sha256(bytes)
    let reads = 0
    const source = bytesSource(bytes)
    const racing = {
      ...source,
      read: (into: Buffer, position: number) => {
        if (reads++ === 1) server.command('DEL', keys.blob(digest))
        source.read(into, position)
      },
    }
    await expect(blobs.put({ name: 'a' }, racing)).rejects.toThrow('was removed from Redis while it was sent')
    await expect(load(source)).rejects.toThrow('is no longer in Redis')
    await blobs.put({ name: 'a' }, bytesSource(bytes))
    expect((await load(source)).equals(bytes)).toBe(true)
    await blobs.keepOnly('a', [])
  })

  it('expires with everything about it, where nobody comes back', async () => {
    const brief = openBlobs(connection, keys, { ...settings, keepMs: 300 })
    await brief.put({ name: 'gone' }, bytesSource(Buffer.from('brief')))
    expect(Number(server.command('DBSIZE'))).toBe(3)
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect(server.command('DBSIZE')).toBe('0')
  })

  it('counts holds of a worker only while it has the lock of its job', async () => {
    const holder = { name: 'job', lock: { jobId: 'job', token: 'mine' } }
    await expect(blobs.put(holder, bytesSource(Buffer.from('late')))).rejects.toThrow('taken from this worker')
    server.command('SET', keys.lock('job'), 'mine')
    await blobs.put(holder, bytesSource(Buffer.from('late')))
    await blobs.keepOnly('job', [])
    server.command('DEL', keys.lock('job'))
  })

  describe('what somebody else has put there', () => {
    const bytes = Buffer.alloc(1000, 'sound ')
    const reference = { sha256: sha256(bytes), bytes: bytes.length }
    const plant = (...fields: readonly (string | Buffer)[]) =>
      connection.redis
        .del(keys.blob(reference.sha256))
        .then(() => connection.redis.hset(keys.blob(reference.sha256), ...fields))

    it('is refused with another digest', async () => {
      await plant('bytes', '1000', '0', Buffer.concat([Buffer.of(0), Buffer.alloc(1000, 'forged')]))
      await expect(load(reference)).rejects.toThrow('its contents have another digest')
    })

    it('is refused with another length than the job says', async () => {
      await plant('bytes', '999', '0', Buffer.concat([Buffer.of(0), bytes]))
      await expect(load(reference)).rejects.toThrow('it has 999 bytes, not 1000')
    })

    it('is never decompressed beyond its length', async () => {
      const bomb = deflateRawSync(Buffer.alloc(512 * 2 ** 20))
      await plant('bytes', '1000', '0', Buffer.concat([Buffer.of(1), bomb]))
      const before = process.memoryUsage().rss
      await expect(load(reference)).rejects.toThrow('does not decompress to 1000 bytes')
      expect(process.memoryUsage().rss - before).toBeLessThan(64 * 2 ** 20)
    })

    it('is not loaded where a piece is longer than any', async () => {
      await plant('bytes', '1000', '0', Buffer.alloc(pieceBytes + 2))
      await expect(load(reference)).rejects.toThrow('is no longer in Redis')
    })

    it('is refused where it says that it is larger than is allowed', async () => {
      await expect(load({ ...reference, bytes: 64 * 2 ** 20 })).rejects.toThrow('64 MiB, more than the 32 MiB')
    })

    it.each([
      ['an unknown packing', Buffer.concat([Buffer.of(7), bytes]), 'a piece has the unknown form 7'],
      ['nothing', Buffer.alloc(0), 'a piece has no bytes'],
      ['what is not compressed', Buffer.concat([Buffer.of(1), bytes]), 'a piece does not decompress to 1000 bytes'],
    ])('is refused with %s', async (_, stored, problem) => {
      await plant('bytes', '1000', '0', stored)
      await expect(load(reference)).rejects.toThrow(`is not what was stored: ${problem}`)
      await connection.redis.del(keys.blob(reference.sha256))
    })
  })
})
