import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, it } from 'vitest'
import { peerPython } from '../../../bench/step/peers.js'
import { floats } from '../../../src/core/tensors.js'
import { decodeSafetensors, encodeSafetensors } from '../../../src/store/model/safetensors.js'

const folder = mkdtempSync(join(tmpdir(), 'seqlab-safetensors-'))
afterAll(() => rmSync(folder, { recursive: true }))

const tensors = new Map([
  ['source/table', floats([1, 2, 3, 4, 5, 6], [3, 2])],
  ['head/bias', floats([-0.5, 2 ** -149, 3.4028234663852886e38], [3])],
  ['empty', floats([], [0, 4])],
  ['scalar', floats([7], [])],
])

it('reads what it wrote, sorted by name, with tensors at multiples of 8 bytes', () => {
  const { bytes } = encodeSafetensors(tensors, { format: 'seqlab' })
  const length = Number(bytes.readBigUInt64LE(0))
  expect(length % 8).toBe(0)
  const header = JSON.parse(bytes.toString('utf8', 8, 8 + length))
  expect(Object.keys(header)).toEqual(['__metadata__', 'empty', 'head/bias', 'scalar', 'source/table'])
  expect(header['source/table']).toEqual({ dtype: 'F32', shape: [3, 2], data_offsets: [16, 40] })
  expect(decodeSafetensors(bytes, 'file')).toEqual(tensors)
  expect(encodeSafetensors(new Map([...tensors].reverse()), { format: 'seqlab' }).bytes.equals(bytes)).toBe(true)
})

const candidates = [process.env.SEQLAB_PYTHON, peerPython(), 'python3'].filter((one) => one !== undefined)
const python = candidates.find((one) => spawnSync(one, ['-c', 'import numpy, safetensors.numpy']).status === 0)
const needs = python === undefined ? ' (skipped: no Python with numpy and safetensors; SEQLAB_PYTHON names one)' : ''

/** Reads with the format's own library and writes back what it read. */
const script = `
import json, sys
from safetensors.numpy import load_file, save_file
source, target = sys.argv[1:]
tensors = load_file(source)
save_file(tensors, target)
print(json.dumps({name: [str(t.dtype), list(t.shape), t.astype(float).ravel().tolist()] for name, t in tensors.items()}))
`

it.skipIf(python === undefined)(`agrees with Python's safetensors in both directions${needs}`, () => {
  const golden = fileURLToPath(new URL('../../goldens/models/transduce/model.safetensors', import.meta.url))
  const written = join(folder, 'written.safetensors')
  writeFileSync(written, encodeSafetensors(tensors).bytes)
  for (const source of [written, golden]) {
    const target = join(folder, 'back.safetensors')
    const printed = execFileSync(python ?? '', ['-c', script, source, target], { encoding: 'utf8' })
    const own = decodeSafetensors(readFileSync(source), source)
    const plain = [...own].map(([name, { shape, data }]) => [name, ['float32', [...shape], [...data]]])
    expect(JSON.parse(printed)).toEqual(Object.fromEntries(plain))
    expect(new Map([...decodeSafetensors(readFileSync(target), target)].sort())).toEqual(new Map([...own].sort()))
  }
})
