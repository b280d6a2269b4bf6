import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { jsonLine } from '../../../src/core/json.js'
import { sealFolder, verifyFolder } from '../../../src/store/trial/manifest.js'

const made: string[] = []
afterAll(() => {
  for (const directory of made) rmSync(directory, { recursive: true, force: true })
})

async function sealedFolder(): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'manifest-'))
  made.push(directory)
  mkdirSync(join(directory, 'checkpoint'))
  writeFileSync(join(directory, 'record.json'), '{"a": 1}\n')
  writeFileSync(join(directory, 'checkpoint', 'state.bin'), Buffer.from([1, 2, 3]))
  await sealFolder(directory, { trialId: 't', attempt: 2 })
  return directory
}

describe('a sealed folder', () => {
  it('verifies as long as no byte changes; other derived files do not matter', async () => {
    const directory = await sealedFolder()
    writeFileSync(join(directory, 'report.html'), '<html>')
    expect(await verifyFolder(directory)).toEqual([])
  })

  it('verifies without its checkpoint where its model is there, and not with a part of it', async () => {
    const withModel = async () => {
      const directory = await sealedFolder()
      mkdirSync(join(directory, 'model'))
      for (const name of ['model.json', 'model.safetensors']) writeFileSync(join(directory, 'model', name), name)
      writeFileSync(join(directory, 'checkpoint', 'data.json'), '{}')
      await sealFolder(directory, { trialId: 't', attempt: 2 })
      return directory
    }
    const [whole, part] = [await withModel(), await withModel()]
    rmSync(join(whole, 'checkpoint'), { recursive: true })
    expect(await verifyFolder(whole)).toEqual([])
    rmSync(join(part, 'checkpoint', 'state.bin'))
    expect(await verifyFolder(part)).toEqual([`${join(part, 'checkpoint', 'state.bin')} is missing`])
    const modelless = await sealedFolder()
    rmSync(join(modelless, 'checkpoint'), { recursive: true })
    expect(await verifyFolder(modelless)).toHaveLength(1)
  })

  it('names the file at every truncation and every flipped bit', async () => {
    const directory = await sealedFolder()
    for (const name of ['manifest.json', 'record.json', 'checkpoint/state.bin']) {
      const path = join(directory, name)
      const whole = readFileSync(path)
      for (let length = 0; length < whole.length; length++) {
        writeFileSync(path, whole.subarray(0, length))
        expect(await verifyFolder(directory)).toEqual([expect.stringContaining(path)])
      }
      for (let bit = 0; bit < whole.length * 8; bit += 5) {
        const flipped = Buffer.from(whole)
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
        writeFileSync(path, flipped)
        expect((await verifyFolder(directory)).length).toBeGreaterThan(0)
      }
      writeFileSync(path, whole)
    }
    expect(await verifyFolder(directory)).toEqual([])
  })
})

describe('a line of JSON', () => {
  it('never turns NaN into null', () => {
    expect(() => jsonLine({ deep: [{ loss: Number.NaN }] })).toThrow(/NaN .*loss/)
  })
})
