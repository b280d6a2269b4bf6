import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { atPlace, makeFolder } from '../../src/core/files.js'

const folder = mkdtempSync(join(tmpdir(), 'seqlab-files-'))
afterAll(() => rmSync(folder, { recursive: true }))

const longName = 'a'.repeat(300)
const longPath = 'a/'.repeat(2100)

describe('a folder with what is missing above it', () => {
  test('is created, and may be there', () => {
    const path = join(folder, 'one', 'two', 'three')
    makeFolder(path)
    makeFolder(path)
    expect(existsSync(path)).toBe(true)
  })

  test.each([
    ['a name that is too long', longName],
    ['a path that is too long', longPath],
  ])('%s leaves nothing behind', (_, path) => {
    expect(() => makeFolder(join(folder, 'new', 'other', path))).toThrow(/ENAMETOOLONG/)
    expect(existsSync(join(folder, 'new'))).toBe(false)
  })

  test('leaves what was there', () => {
    mkdirSync(join(folder, 'old'))
    expect(() => makeFolder(join(folder, 'old', 'new', longName))).toThrow(/ENAMETOOLONG/)
    expect(readdirSync(join(folder, 'old'))).toEqual([])
  })
})

describe('what is too long has its own option', () => {
  const refusal = (out: string, name: string) =>
    atPlace({ option: '--out', inside: { place: out, option: '--name' } }, () => makeFolder(join(out, name))).catch(
      (error: unknown) => error,
    )

  test.each([
    [
      "the place's name",
      longName,
      'study',
      /: a name is too long for the file system/,
      /^Use a shorter name, or .* --out\.$/,
    ],
    [
      "the place's path",
      longPath,
      'study',
      /: the path is too long for the file system/,
      /^Use a shorter path, or .* --out\.$/,
    ],
    [
      'the name in it',
      'runs',
      longName,
      /: a name is too long for the file system/,
      /^Use a shorter name with --name\.$/,
    ],
    [
      'a name of letters of two bytes',
      'runs',
      'ж'.repeat(200),
      /: a name is too long/,
      /^Use a shorter name with --name\.$/,
    ],
  ])('%s', async (_, out, name, message, hint) => {
    expect(await refusal(join(folder, out), name)).toMatchObject({
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    })
  })

  test('what is in the way has the option of the place', async () => {
    writeFileSync(join(folder, 'file'), '')
    expect(await refusal(join(folder, 'file'), 'study')).toMatchObject({
      message: `Cannot create the folder ${join(folder, 'file')}: it is a file, not a folder`,
      hint: expect.stringContaining('--out'),
    })
  })
})
