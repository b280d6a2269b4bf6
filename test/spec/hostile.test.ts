import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadSpecs } from '../../src/spec/plan/load-specs.js'

const folder = mkdtempSync(join(tmpdir(), 'seqlab-hostile-'))
afterAll(() => rmSync(folder, { recursive: true }))

// The first call pays for loading; the time bound below is for what the files cost.
beforeAll(() => {
  loadSpecs(['test/spec/broken/base.yaml'])
})

function bomb(levels: number, width: number): string {
  const line = (level: number) =>
    `a${level}: &a${level} [${Array(width)
      .fill(`*a${level - 1}`)
      .join(', ')}]`
  return ['a0: &a0 [x, x]', ...Array.from({ length: levels }, (_, index) => line(index + 1))].join('\n')
}

const deep = 200_000
const files: readonly (readonly [name: string, contents: string | Buffer, reported: RegExp])[] = [
  ['alias bomb', bomb(30, 9), /expands to more than 200000 values/],
  ['alias of itself', 'a: &a [*a]', /nested more than 64 levels deep/],
  ['alias without an anchor', 'a: *b', /alias/],
  ['many aliases of a long list', `a: &a [${'x,'.repeat(5000)}]\nb: [${'*a,'.repeat(5000)}]`, /more than 200000/],
  ['lists 200,000 deep', '['.repeat(deep), /nested more than 64 levels deep/],
  ['maps 200,000 deep', '{a: '.repeat(deep), /nested more than 64 levels deep/],
  ['closed lists 200,000 deep', '['.repeat(deep) + ']'.repeat(deep), /nested more than 64 levels deep/],
  ['block lists 200,000 deep', `${'- '.repeat(deep)}x`, /nested more than 64 levels deep/],
  ['explicit keys 200,000 deep', `${'? '.repeat(deep)}x`, /nested more than 64 levels deep/],
  ['block maps 1,300 deep', Array.from({ length: 1300 }, (_, n) => `${' '.repeat(n)}a:`).join('\n'), /nested more/],
  ['__proto__', 'model: { __proto__: { polluted: true } }', /`__proto__` is not allowed as a key/],
  ['constructor', 'constructor: { prototype: { polluted: true } }', /`constructor` is not allowed as a key/],
  ['a tag', 'name: !!js/regexp /(a+)+$/', /is not allowed/],
  ['a NUL', 'name: a\0b', /contains a NUL byte/],
  ['UTF-16', Buffer.from('\ufeffname: x', 'utf16le'), /is UTF-16 text/],
  ['UTF-16 without a mark', Buffer.from('name: x', 'utf16le'), /contains a NUL byte/],
  ['invalid UTF-8', Buffer.from([0x6e, 0x3a, 0x20, 0xc3, 0x28]), /is not valid UTF-8/],
  ['two million bytes', 'x'.repeat(2_000_000), /may have at most 1000000/],
  ['one long line', `name: ${'x'.repeat(900_000)}`, /has the wrong form/],
  ['sixty thousand keys', Array.from({ length: 60_000 }, (_, n) => `k${n}: 1`).join('\n'), /more than 10000 keys/],
  ['nine thousand keys', Array.from({ length: 9_000 }, (_, n) => `k${n}: 1`).join('\n'), /and \d+ more errors/],
  ['a key that is a map', '{a: 1}: 2', /a key must be a name/],
  ['merge keys', 'base: &b {x: 1}\nmodel: {<<: *b}', /is not a key of model/],
]

describe('hostile files', () => {
  test.each(files)('%s', (_, contents, reported) => {
    const file = join(folder, 'hostile.yaml')
    writeFileSync(file, contents)
    const before = process.cpuUsage()
    const { specs, problems } = loadSpecs([file])
    const { user, system } = process.cpuUsage(before)
    // A second on most machines; what grows with the square of the file would take minutes.
    expect((user + system) / 1000, 'CPU milliseconds').toBeLessThan(3000)
    expect(specs).toEqual([])
    expect(problems.map(({ message }) => message).join('\n')).toMatch(reported)
    expect(problems.every(({ place }) => place?.file.endsWith('hostile.yaml'))).toBe(true)
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })

  test('a folder and a file that is not there', () => {
    expect(loadSpecs([folder]).problems[0]).toMatchObject({
      message: 'is a folder, not a file',
      hint: 'name a file in it',
    })
    expect(loadSpecs([join(folder, 'absent.yaml')]).problems[0]?.message).toBe('does not exist')
    const [link, gone] = [join(folder, 'link.yaml'), join(folder, 'gone.yaml')]
    symlinkSync(gone, link)
    expect(loadSpecs([link]).problems[0]?.message).toBe(`${link} is a link to ${gone}, which does not exist`)
  })

  test('places of bytes count lines and columns', () => {
    const file = join(folder, 'nul.yaml')
    writeFileSync(file, 'name: x\nseed: \0')
    expect(loadSpecs([file]).problems[0]?.place).toEqual({ file, line: 2, column: 7 })
  })
})
