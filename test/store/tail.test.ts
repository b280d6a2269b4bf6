import { appendFileSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { openTail } from '../../src/store/tail.js'

const folder = mkdtempSync(join(tmpdir(), 'seqlab-tail-'))
afterAll(() => rmSync(folder, { recursive: true }))
let files = 0
const newFile = () => join(folder, `lines-${files++}.jsonl`)

describe('a file that grows', () => {
  it('is read in whole lines, each once, wherever its bytes are cut', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' })), fc.array(fc.nat({ max: 9 })), (texts, sizes) => {
        const lines = texts.map((text) => text.replaceAll('\n', ' '))
        const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''))
        const path = newFile()
        const tail = openTail()
        const read: string[] = []
        for (let at = 0, cut = 0; at < bytes.length; cut++) {
          const size = 1 + (sizes[cut % Math.max(1, sizes.length)] ?? 0)
          appendFileSync(path, bytes.subarray(at, at + size))
          at += size
          read.push(...tail.read(path).lines)
        }
        expect(read).toEqual(lines)
      }),
      { numRuns: 30 },
    )
  })

  it('is longer than what is read at once', () => {
    const path = newFile()
    const lines = Array.from({ length: 3 }, (_, at) => String(at).repeat(700_000))
    writeFileSync(path, `${lines.join('\n')}\nunfinished`)
    const tail = openTail()
    expect(tail.read(path).lines.map((line) => line.length)).toEqual([700_000, 700_000, 700_000])
    appendFileSync(path, ' no more\n')
    expect(tail.read(path)).toEqual({ lines: ['unfinished no more'], restarted: false })
  })

  it('is the same under another name', () => {
    const [path, other] = [newFile(), newFile()]
    writeFileSync(path, 'one\n')
    const tail = openTail()
    tail.read(path)
    renameSync(path, other)
    expect(tail.read(path)).toEqual({ lines: [], restarted: false })
    appendFileSync(other, 'two\n')
    expect(tail.read(other)).toEqual({ lines: ['two'], restarted: false })
  })
})

describe('another file', () => {
  it('is read from its beginning: one that is shorter, and one of the same name', () => {
    const path = newFile()
    writeFileSync(path, 'one\ntwo\n')
    const tail = openTail()
    tail.read(path)
    truncateSync(path, 4)
    expect(tail.read(path)).toEqual({ lines: ['one'], restarted: true })
    writeFileSync(`${path}.new`, 'three\nfour\nfive\n')
    renameSync(`${path}.new`, path)
    expect(tail.read(path)).toEqual({ lines: ['three', 'four', 'five'], restarted: true })
  })

  it('is none where it cannot be read', () => {
    expect(openTail().read(join(folder, 'missing'))).toEqual({ lines: [], restarted: false })
    expect(openTail().read(folder).lines).toEqual([])
  })
})
