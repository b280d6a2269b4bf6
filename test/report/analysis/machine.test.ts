import { cpus, platform, totalmem } from 'node:os'
import { expect, test } from 'vitest'
import { thisMachine } from '../../../src/report/analysis/machine.js'

test('this machine is its processor, its cores, its memory and its operating system', () => {
  const [, processor, cores, memory, system] = /^(\S.*) × (\d+), (\d+) GiB, (\w+)$/.exec(thisMachine()) ?? []
  expect(cpus().map(({ model }) => model.trim())).toContain(processor)
  expect([cores, system]).toEqual([String(cpus().length), platform()])
  // A GiB is 1024 * 1024 * 1024 bytes.
  expect(memory).toBe((totalmem() / 1024 ** 3).toFixed(0))
})
