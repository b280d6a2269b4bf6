import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { hostname, networkInterfaces } from 'node:os'

/** What a request asks, as far as it decides whether it is answered. */
export interface Asked {
  readonly method?: string | undefined
  readonly headers: Pick<IncomingHttpHeaders, 'host' | 'origin'>
}

/** Why a request is refused, as an HTTP status; undefined where it is not. */
export function refusal(
  { method, headers: { host, origin } }: Asked,
  hosts: ReadonlySet<string>,
): 421 | 403 | 405 | undefined {
  // A name that leads here without being ours: DNS rebinding.
  if (host === undefined || !hosts.has(host.toLowerCase())) return 421
  if (origin !== undefined && !isOwn(origin, hosts)) return 403
  return method === 'GET' ? undefined : 405
}

function isOwn(origin: string, hosts: ReadonlySet<string>): boolean {
  const [, host] = /^http:\/\/([^/]+)$/.exec(origin.toLowerCase()) ?? []
  return host !== undefined && hosts.has(host)
}

/** What the Host of a request may be: names of this machine's loopback; where the server listens beyond it, also that of `host`. */
export function ownHosts(host: string, port: number): ReadonlySet<string> {
  const names = isLoopback(host) ? loopback : [...loopback, ...(isAny(host) ? machineNames() : [host])]
  // Browsers leave out the default port.
  const named = names.map(inUrl).flatMap((name) => (port === 80 ? [name, `${name}:80`] : [`${name}:${port}`]))
  return new Set(named.map((name) => name.toLowerCase()))
}

const loopback = ['127.0.0.1', 'localhost', '::1']

function isLoopback(host: string): boolean {
  return loopback.includes(host) || /^127\.\d+\.\d+\.\d+$/.test(host)
}

function isAny(host: string): boolean {
  return host === '0.0.0.0' || host === '::'
}

function machineNames(): string[] {
  const addresses = Object.values(networkInterfaces()).flatMap((each) => (each ?? []).map(({ address }) => address))
  return [hostname(), ...addresses]
}

/** An address as it is in a URL. */
export function inUrl(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}

/** Whether two secrets are the same, in a time that does not tell how much of them is. */
export function isSame(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(one), digest(other))
}
