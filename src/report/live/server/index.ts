import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { SeqlabError } from '../../../core/errors.js'
import { systemErrorCode } from '../../../core/files.js'
import { createDrawer } from '../draw/drawer.js'
import { Watch } from '../watch/index.js'
import { inUrl, ownHosts, refusal } from './access.js'
import { type Answer, answerTo, notFound, type Site, sentence } from './answers.js'
import { commonHeaders } from './headers.js'
import { type Route, routeOf } from './routes.js'
import { openStreams, type Streams } from './streams.js'

export interface LiveOptions {
  /** The folder of the runs. */
  readonly root: string
  /** The one study that is shown. */
  readonly only?: string | undefined
  /** Address to listen on; default: this machine alone. */
  readonly host?: string | undefined
  /** 0: a free one. */
  readonly port?: number | undefined
}

export interface LiveServer {
  /** With the secret that every path begins with. */
  readonly url: string
  close(): Promise<void>
}

/** Serves the pages of a folder of runs until it is closed. Throws SeqlabError 'run' where it cannot listen there. */
export async function startLiveServer({ root, only, host = '127.0.0.1', port = 0 }: LiveOptions): Promise<LiveServer> {
  const watch = new Watch(root, only)
  const site = {
    watch,
    streams: openStreams(watch),
    drawer: createDrawer(),
    token: randomBytes(18).toString('base64url'),
  }
  let hosts: ReadonlySet<string> = new Set()
  const server = createServer(limits, (request, response) => {
    respond(site, hosts, request, response).catch(() => send(response, sentence(500, 'This page cannot be made.')))
  })
  // More than the streams that are answered: those that are too many are told so.
  server.maxConnections = 2000
  const close = async () => {
    site.streams.close()
    server.close()
    server.closeAllConnections()
    await site.drawer.close()
  }
  try {
    await listen(server, host, port)
  } catch (error) {
    await close()
    throw error
  }
  const address = server.address()
  const actual = typeof address === 'object' && address !== null ? address.port : port
  hosts = ownHosts(host, actual)
  return { url: `http://${inUrl(shownHost(host))}:${actual}/${site.token}/`, close }
}

/** A connection that asks for nothing is closed soon. */
const limits = {
  maxHeaderSize: 16_384,
  headersTimeout: 5000,
  requestTimeout: 10_000,
  keepAliveTimeout: 5000,
  connectionsCheckingInterval: 1000,
}

/** Somebody who opens the address is on this machine, or knows its name. */
function shownHost(host: string): string {
  return host === '0.0.0.0' || host === '::' ? 'localhost' : host
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  try {
    server.listen(port, host)
    await once(server, 'listening')
  } catch (error) {
    const code = systemErrorCode(error) ?? 'unknown error'
    const [why, hint] = obstacles[code] ?? [
      code,
      'Give an address of this machine with --host; 0.0.0.0 is all of them.',
    ]
    throw new SeqlabError('run', `Cannot listen on ${inUrl(host)}:${port}: ${why}`, { hint })
  }
}

const obstacles: Readonly<Record<string, readonly [why: string, hint: string]>> = {
  EADDRINUSE: ['the port is in use', 'Give another --port; 0 takes a free one.'],
  EACCES: ['permission denied', 'Give a --port above 1023.'],
}

async function respond(
  site: Site & { readonly streams: Streams },
  hosts: ReadonlySet<string>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const refused = refusal(request, hosts)
  if (refused !== undefined) return send(response, refusals[refused])
  const route = routeOf(request.url ?? '', site.token)
  if (route === undefined) return send(response, notFound())
  if (route.kind !== 'asset') await site.watch.refresh()
  if (route.kind === 'events') return stream(site.streams, route, request, response)
  send(response, await answerTo(site, route))
}

/** The rest of what was sent is not read. */
const shut = { Connection: 'close' }

const refusals = {
  403: sentence(403, 'This server answers its own pages alone.', shut),
  405: sentence(405, 'This server answers GET alone.', { ...shut, Allow: 'GET' }),
  421: sentence(421, 'This server does not go by that name.', shut),
} as const

function stream(
  streams: Streams,
  { query, after }: Extract<Route, { kind: 'events' }>,
  { headers }: IncomingMessage,
  response: ServerResponse,
): void {
  if (streams.isFull()) {
    send(response, sentence(503, 'Too many pages are open.', { 'Retry-After': '10' }))
    return
  }
  // A page that had a part of this stream has the beginnings of all its curves.
  const last = headers['last-event-id']
  const asked = last === undefined ? query : { ...query, fresh: [] }
  response.writeHead(200, { ...commonHeaders, 'Content-Type': 'text/event-stream; charset=utf-8' })
  streams.add(response, asked, typeof last === 'string' ? last : after)
}

function send(response: ServerResponse, { status, headers, text }: Answer): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  response.writeHead(status, { ...commonHeaders, ...headers })
  response.end(text)
}
