import { createHash } from 'node:crypto'

/** Of every answer. */
export const commonHeaders: Readonly<Record<string, string>> = {
  'Cache-Control': 'no-store',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
}

const shut =
  "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; img-src data:; connect-src 'self'"

/** Of the pages whose scripts are files of this server. Charts have styles in their elements. */
export const livePolicy = `${shut}; script-src 'self'; style-src 'self' 'unsafe-inline'`

/** Of a page that has its scripts in itself: these alone run, and no handler in an attribute. */
export function pagePolicy(page: string): string {
  const scripts = [...page.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(([, script = '']) => script)
  const hashes = scripts.map((script) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`)
  return `${shut}; style-src 'unsafe-inline'; script-src ${hashes.length === 0 ? "'none'" : hashes.join(' ')}`
}
