import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { graphCache } from '../../src/engine/compiled/cache.js'

const folder = mkdtempSync(join(tmpdir(), 'seqlab-graph-cache-'))
afterAll(() => rmSync(folder, { recursive: true }))

const file = join(folder, 'file')
writeFileSync(file, '')
symlinkSync(join(folder, 'nowhere'), join(folder, 'link'))
mkdirSync(join(folder, 'taken', 'key.onnx', 'inner'), { recursive: true })

const program = {
  model: new Uint8Array(),
  nodes: 0,
  valueBytes: 0,
  inputs: [],
  outputs: {},
  views: [],
  targets: [],
  changedState: [],
  updates: [],
}

// Not that the last folder does not exist: it was to be created.
test.each([
  ['a file above it', join(file, 'cache', 'graphs'), `cannot create the folder ${file}: it is a file, not a folder`],
  [
    'a file system that creates nothing',
    '/proc/cache/graphs',
    'cannot create the folder /proc/cache: nothing can be created there',
  ],
  [
    'a link that leads nowhere',
    join(folder, 'link', 'graphs'),
    `cannot create the folder ${join(folder, 'link')}: ${join(folder, 'link')} is a link to ${join(folder, 'nowhere')}, which does not exist`,
  ],
  ['a folder in the place of a graph', join(folder, 'taken'), `cannot write ${join(folder, 'taken')}: it is a folder`],
])('a cache that cannot be written, once and with the reason: %s', (_, directory, reason) => {
  const messages: string[] = []
  const cache = graphCache(directory, (message) => messages.push(message))
  cache.write('key', program)
  cache.write('key', program)
  expect(messages).toEqual([`Compiled graphs are not cached: ${reason}. SEQLAB_CACHE names another directory.`])
})
