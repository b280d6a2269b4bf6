import { mkdir, symlink } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { linesOf, readBytes, readLines, splitLines, unreadable } from '../../src/data/reading/files.js'
import { folder } from '../support/data.js'

let made: Awaited<ReturnType<typeof folder>>
beforeAll(async () => {
  const zipped = gzipSync('a\nb\n')
  const cut = zipped.subarray(0, zipped.length - 1)
  // Its last eight bytes are the checksum of its text and the length.
  const damaged = Buffer.concat([zipped.subarray(0, -8), Buffer.alloc(4), zipped.subarray(-4)])
  made = await folder({ plain: 'a\nb\n', zipped, cut, damaged, 'short.gz': 'a', one: '\u001f', bom: '\ufeffa\n' })
  await mkdir(join(made.baseDir, 'sub'))
})
afterAll(() => made.remove())

const bytes = (text: string) => Buffer.from(text)

test('gzip is told by the first bytes, whatever the name', async () => {
  expect(await readLines('plain', made.baseDir)).toEqual(['a', 'b'])
  expect(await readLines('zipped', made.baseDir)).toEqual(['a', 'b'])
  expect([...(await readBytes('one', made.baseDir))]).toEqual([31])
  await expect(readBytes('short.gz', made.baseDir)).rejects.toThrow(
    'short.gz: the name ends in .gz but the file is not gzipped',
  )
  await expect(readBytes('cut', made.baseDir)).rejects.toMatchObject({
    message: 'cut: the gzipped file is cut off: it ends before its text does',
    cause: { code: 'Z_BUF_ERROR' },
  })
  await expect(readBytes('damaged', made.baseDir)).rejects.toMatchObject({
    message: 'damaged: cannot be unpacked: incorrect data check',
    cause: { code: 'Z_DATA_ERROR' },
  })
})

test('a path that leads elsewhere: what is in the way', async () => {
  const path = (name: string) => join(made.baseDir, name)
  await symlink(path('gone'), path('link'))
  await expect(readBytes('link', made.baseDir)).rejects.toThrow(
    `link: ${path('link')} is a link to ${path('gone')}, which does not exist`,
  )
  await expect(readBytes('words.tsv', path('plain'))).rejects.toMatchObject({
    message: `words.tsv: ${path('plain')} is a file, not a folder`,
    hint: expect.stringContaining('--data-dir'),
  })
  await expect(readBytes('a'.repeat(300), made.baseDir)).rejects.toThrow(/: cannot be read: a name is too long for the/)
})

test('a file that cannot be read: what it is, and where it was looked for', async () => {
  const hint = (name: string) =>
    `looked at ${resolve(made.baseDir, name)}; relative paths are resolved against the spec's folder, or --data-dir`
  await expect(readBytes('nowhere', made.baseDir)).rejects.toMatchObject({
    ...{ code: 'data', message: 'nowhere: there is no such file', hint: hint('nowhere') },
    cause: { code: 'ENOENT' },
  })
  await expect(readBytes('sub', made.baseDir)).rejects.toMatchObject({
    message: 'sub: this is a folder, not a file',
    hint: `name its files, with a pattern perhaps (*.txt); \`folder-of-classes\` reads folders; ${hint('sub')}`,
  })
  const failed = (cause: unknown) => unreadable('f', '/f', cause).message
  expect(failed(Object.assign(new Error('no'), { code: 'EACCES' }))).toBe('f: not allowed to read')
  expect(failed(Object.assign(new Error('no'), { code: 'EIO' }))).toBe('f: cannot be read: the device failed')
  expect(failed(new Error('no'))).toBe('f: cannot be read (unreadable)')
  expect(failed('no')).toBe('f: cannot be read (unreadable)')
})

test('a byte order mark is no character, and the last line end begins no line', async () => {
  expect(await readLines('bom', made.baseDir)).toEqual(['a'])
  expect(linesOf(bytes('a\n\nb'), 'f')).toEqual(['a', '', 'b'])
  expect(linesOf(bytes('a\n\n'), 'f')).toEqual(['a', ''])
  expect(splitLines('')).toEqual([''])
})

test('a line may have a million characters', () => {
  const line = 'x'.repeat(1_000_000)
  expect(linesOf(bytes(`a\n${line}\n`), 'f')).toEqual(['a', line])
  expect(() => linesOf(bytes(`a\n${line}x\n`), 'f')).toThrow(
    'f:2: the line is too long; expected at most 1000000 characters, received 1000001',
  )
  expect(() => linesOf(bytes(`${line}x\na`), 'f')).toThrow('f:1: the line is too long')
})

test('the first line that is not UTF-8 is named, also the last one', () => {
  const bad = (...parts: (string | number)[]) =>
    Buffer.concat(parts.map((part) => (typeof part === 'string' ? bytes(part) : Buffer.from([part]))))
  expect(() => linesOf(bad(255, '\nb\n'), 'f')).toThrow('f:1: this line is not valid UTF-8')
  expect(() => linesOf(bad('\na', 255, '\n'), 'f')).toThrow('f:2: this line is not valid UTF-8')
  expect(() => linesOf(bad('a\nb\nc', 255), 'f')).toThrow('f:3: this line is not valid UTF-8')
  // Cut within é: the line end after its first byte.
  expect(() => linesOf(bad('a\n', 0xc3, '\nb', 255), 'f')).toThrow('f:2: this line is not valid UTF-8')
  expect(() => linesOf(bad('a\rb', 255, '\rc'), 'f')).toThrow('f:2: this line is not valid UTF-8')
})
