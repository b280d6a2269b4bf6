import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sha256Bytes } from '../../../src/core/hash.js'
import { floats, ints } from '../../../src/core/tensors.js'
import { readCheckpoint, writeCheckpoint } from '../../../src/store/trial/checkpoint.js'
import { decodeState, encodeState } from '../../../src/train/loop/checkpoint.js'
import type { TrainState } from '../../../src/train/types.js'

const state: TrainState = {
  step: 7,
  params: {
    encoder: { kernel: floats([1, -2, Number.NaN, 0.1], [2, 2]), bias: floats([-0, Number.POSITIVE_INFINITY], [2]) },
  },
  optimizer: { decayed: { m: floats([0.5], [1]) } },
  carry: { last: ints([3, 4], [2]) },
  seed: 5,
  cursor: { epoch: 1, batch: 2 },
  schedule: { validation: [0.5, null, -1e300, 0.25] },
  window: { nats: Number.POSITIVE_INFINITY, tokens: 3 },
  selection: {
    best: [0.25, null, 1.5],
    bestStep: 6,
    bestParams: { encoder: { kernel: floats([9], [1]) } },
    sinceImproved: 1,
  },
}

let dir = ''
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'seqlab-checkpoint-'))
})
afterEach(() => rm(dir, { recursive: true }))

test('a state comes back from its bytes as it was', async () => {
  await writeCheckpoint(dir, state)
  expect(await readCheckpoint(dir)).toEqual(state)
})

test('the same state is the same bytes', () => {
  const again = decodeState(encodeState(state), 'x')
  expect(encodeState(again).equals(encodeState(state))).toBe(true)
})

test('another version is refused with both, though the file is whole', () => {
  const body = encodeState(state).subarray(0, -32)
  body[body.indexOf('"version":2') + '"version":'.length] = '1'.charCodeAt(0)
  const bytes = Buffer.concat([body, sha256Bytes(body)])
  expect(() => decodeState(bytes, 'here/state.bin')).toThrow(
    'here/state.bin was written by an earlier version of seqlab (schema version 1; this version of seqlab reads version 2)',
  )
})

test('without best parameters', () => {
  const early = { ...state, selection: { best: null, bestStep: 0, bestParams: null, sinceImproved: 0 } }
  expect(decodeState(encodeState(early), 'x')).toEqual(early)
})

test('no checkpoint is no error', async () => {
  expect(await readCheckpoint(join(dir, 'nothing'))).toBeUndefined()
})

test('damage is found and the file is named: a changed byte anywhere, a torn end, another file', async () => {
  const whole = encodeState(state)
  for (let at = 0; at < whole.length; at += 13) {
    const bytes = Buffer.from(whole)
    bytes[at] = (bytes[at] ?? 0) ^ 1
    expect(() => decodeState(bytes, 'here/state.bin'), `byte ${at}`).toThrow(/here\/state\.bin is damaged/)
  }
  for (const length of [0, 5, 50, whole.length - 1]) {
    expect(() => decodeState(whole.subarray(0, length), 'x'), `${length} bytes`).toThrow(/damaged/)
  }
  await writeCheckpoint(dir, state)
  const file = join(dir, 'state.bin')
  await writeFile(file, (await readFile(file)).subarray(0, 100))
  await expect(readCheckpoint(dir)).rejects.toMatchObject({ code: 'run' })
})
