import { once } from 'node:events'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { type IncomingMessage, request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ownHosts } from '../../../src/report/live/server/access.js'
import { pagePolicy } from '../../../src/report/live/server/headers.js'
import { type LiveServer, startLiveServer } from '../../../src/report/live/server/index.js'
import { mostRuns, routeOf } from '../../../src/report/live/server/routes.js'
import { mostStreams } from '../../../src/report/live/server/streams.js'
import { embeddedJson } from '../../../src/report/render/page/html.js'
import { type GrowingStudy, growingStudy, linesOf } from './growing-study.js'

// The server is attacked as a page of another site, a program on the machine and a reader of a path would.
const evil = '</script><img src=x onerror="window.attacked = 1">'
const root = mkdtempSync(join(tmpdir(), 'seqlab-server-'))
const runs = join(root, 'runs')
let study: GrowingStudy
let server: LiveServer
let url: URL

beforeAll(async () => {
  writeFileSync(join(root, 'secret.txt'), 'secret')
  study = await growingStudy(runs, 'words', [{ id: 'aa', label: evil, seed: 1 }])
  study.start('aa')
  study.record('aa', linesOf(0, 200))
  symlinkSync(root, join(runs, 'link'))
  server = await startLiveServer({ root: runs })
  url = new URL(server.url)
})

afterAll(async () => {
  study.leave()
  await server.close()
  rmSync(root, { recursive: true })
})

interface Got {
  readonly status: number | undefined
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** As a client that sends what it wants: paths are not tidied. */
async function get(path: string, options: { method?: string; headers?: Record<string, string> } = {}): Promise<Got> {
  const asked = request({ host: '127.0.0.1', port: url.port, path, agent: false, ...options })
  asked.end()
  const [response] = (await once(asked, 'response')) as [IncomingMessage]
  response.setEncoding('utf8')
  let body = ''
  for await (const chunk of response) body += chunk
  return { status: response.statusCode, headers: response.headers, body }
}

const below = (path: string) => `${url.pathname}${path}`

describe('a page', () => {
  it('has the headers that keep it to itself, and what it shows first', async () => {
    const { status, headers, body } = await get(below('study/words'))
    expect(status).toBe(200)
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    })
    const policy = headers['content-security-policy']
    for (const rule of ["default-src 'none'", "connect-src 'self'", "script-src 'self'", "frame-ancestors 'none'"])
      expect(policy).toContain(rule)
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([])
    expect(body).toContain('"status":"running"')
  })

  it('has names as data alone', async () => {
    const { body } = await get(below('study/words'))
    expect(body).not.toContain('<img')
    expect(body).toContain(embeddedJson(evil).markup)
    expect((await get(below('trial/words/aa'))).body).not.toContain('<img')
  })

  it('that is drawn runs its own scripts alone, and no handler in an attribute', () => {
    const policy = pagePolicy('<script>one()</script><script type="application/json">{}</script>')
    expect(policy).toContain("script-src 'sha256-")
    expect(policy.match(/sha256/g)).toHaveLength(1)
    expect(policy).not.toContain("script-src 'unsafe-inline'")
    expect(pagePolicy('<p>')).toContain("script-src 'none'")
  })
})

describe('a request', () => {
  it.each([
    ['of a name that leads here (DNS rebinding)', { Host: 'evil.example' }],
    ['of another port', { Host: '127.0.0.1:1' }],
    ['of no port', { Host: 'localhost' }],
  ])('%s is misdirected', async (_, headers) => {
    expect((await get(below(''), { headers })).status).toBe(421)
  })

  it('may name this machine in its ways', async () => {
    for (const host of ['127.0.0.1', 'localhost', 'LOCALHOST', '[::1]'])
      expect((await get(below(''), { headers: { Host: `${host}:${url.port}` } })).status).toBe(200)
  })

  it.each(['http://evil.example', 'https://localhost', 'null', 'http://localhost.evil.example', 'file://'])(
    'from %s is forbidden',
    async (Origin) => {
      const { status, headers } = await get(below('events?studies=1'), { headers: { Origin } })
      expect(status).toBe(403)
      expect(headers['access-control-allow-origin']).toBeUndefined()
    },
  )

  it('from its own pages is answered', async () => {
    expect((await get(below('runs'), { headers: { Origin: url.origin } })).status).toBe(200)
  })

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'HEAD', 'PATCH', 'TRACE'])('%s is not allowed', async (method) => {
    const { status, headers } = await get(below(''), { method })
    expect([status, headers.allow]).toEqual([405, 'GET'])
  })
})

describe('a path', () => {
  it.each([
    '/',
    '/study/words',
    '/wrong-token/',
    `/${'a'.repeat(24)}/study/words`,
    '/favicon.ico',
    '//',
    '*',
    'http://localhost/',
  ])('%s, without the token, leads nowhere', async (path) => {
    expect((await get(path)).status).toBe(404)
  })

  it.each([
    'study/..',
    'study/../../secret.txt',
    'study/..%2f..%2fsecret.txt',
    'study/%2e%2e/%2e%2e/secret.txt',
    'study/..%5c..%5csecret.txt',
    'study/words%00.txt',
    'study/%ff',
    'study/link',
    'trial/link/runs',
    'trial/words/..',
    'report/words/%2fetc%2fpasswd',
    'report/words/aa',
    'model/words/aa',
    'model/words',
    'model/words/..',
    'model/words/..%2f..%2fsecret.txt',
    'model/link/runs',
    'model/words/aa/model.safetensors',
    'comparison/link',
    'answer/..',
    '../secret.txt',
    'runs/words',
    'live.js/..',
    'page.js',
    'words/study.json',
    'words/ledger.jsonl',
    'study/words/aa/metrics.jsonl',
    'constructor/x',
    '__proto__',
  ])('%s leads nowhere', async (path) => {
    const { status, body } = await get(below(path))
    expect([status, body]).toEqual([404, 'There is nothing here.'])
  })

  it('of events asks for no more runs than there may be', () => {
    const asked = Array.from({ length: 60 }, (_, at) => `run=s/${at}`).join('&')
    const route = routeOf(`/t/events?${asked}`, 't')
    expect(route?.kind === 'events' && route.query.runs).toHaveLength(mostRuns)
  })
})

/** The beginning of an event stream, up to a text in it. */
async function stream(path: string, until: string, headers: Record<string, string> = {}) {
  const asked = request({ host: '127.0.0.1', port: url.port, path, agent: false, headers })
  asked.end()
  const [response] = (await once(asked, 'response')) as [IncomingMessage]
  response.setEncoding('utf8')
  let text = ''
  for await (const chunk of response) {
    text += chunk
    if (text.includes(until) && text.endsWith('\n\n')) break
  }
  asked.destroy()
  return { status: response.statusCode, type: response.headers['content-type'], text }
}

const dataOf = (text: string) =>
  [...text.matchAll(/^id: (\S+)\ndata: (.*)$/gm)].map(([, id = '', data = '']) => ({ id, data: JSON.parse(data) }))

describe('an event stream', () => {
  it('tells what is there, and after a break what is new since its last event', async () => {
    const first = await stream(below('events?study=words&new=words%2Faa'), '"curves"')
    expect(first.type).toBe('text/event-stream; charset=utf-8')
    const [event] = dataOf(first.text)
    expect(event?.data).toMatchObject({ whole: true, id: event?.id })
    const history = event?.data.curves.find(({ kind }: { kind: { name: string } }) => kind.name === 'training-loss')
    expect(history.points).toHaveLength(200)
    study.record('aa', linesOf(200, 205))
    const again = { 'Last-Event-ID': event?.id ?? '' }
    const [next] = dataOf((await stream(below('events?study=words&new=words%2Faa'), '"curves"', again)).text)
    expect(next?.data.whole).toBe(false)
    expect(next?.data.curves[0]).toMatchObject({ after: 200, points: { length: 5 } })
    const [other] = dataOf((await stream(below('events?studies=1'), 'data:', { 'Last-Event-ID': 'x-1' })).text)
    expect(other?.data.whole).toBe(true)
  })

  it('is one of so many, and the next one is told to wait', async () => {
    const asked = Array.from({ length: mostStreams + 20 }, () => {
      const each = request({ host: '127.0.0.1', port: url.port, path: below('events?studies=1'), agent: false })
      each.end()
      return each
    })
    const responses = await Promise.all(
      asked.map(async (each) => ((await once(each, 'response')) as [IncomingMessage])[0]),
    )
    const refused = responses.filter(({ statusCode }) => statusCode === 503)
    expect(refused).toHaveLength(20)
    expect(refused[0]?.headers['retry-after']).toBe('10')
    expect((await get(below(''))).status).toBe(200)
    for (const each of asked) each.destroy()
    await expect.poll(async () => (await stream(below('events?studies=1'), 'data:')).status).toBe(200)
  })
})

it('answers while a thousand connections are held that ask for nothing', async () => {
  const sockets: Socket[] = Array.from({ length: 1000 }, () => connect(Number(url.port), '127.0.0.1'))
  await Promise.all(
    sockets.map((socket) =>
      once(
        socket.on('error', () => {}),
        'connect',
      ),
    ),
  )
  for (const socket of sockets.slice(0, 500)) socket.write('GET / HTTP/1.1\r\n')
  expect((await get(below(''))).status).toBe(200)
  for (const socket of sockets) socket.destroy()
})

describe('hosts', () => {
  it('beyond the loopback are those that were asked for', () => {
    expect([...ownHosts('192.168.7.7', 80)]).toContain('192.168.7.7')
    expect([...ownHosts('192.168.7.7', 81)]).toContain('192.168.7.7:81')
    expect([...ownHosts('::1', 81)]).toEqual(['127.0.0.1:81', 'localhost:81', '[::1]:81'])
    expect([...ownHosts('0.0.0.0', 81)]).not.toContain('evil.example:81')
  })

  it('that are none of this machine, and ports that are taken, are said', async () => {
    const taken = startLiveServer({ root: runs, port: Number(url.port) })
    await expect(taken).rejects.toMatchObject({ code: 'run', message: expect.stringContaining('the port is in use') })
    const foreign = startLiveServer({ root: runs, host: '203.0.113.9' })
    await expect(foreign).rejects.toMatchObject({ code: 'run', hint: expect.stringContaining('--host') })
  })
})
