import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { command } from '../support/command.js'

const folder = mkdtempSync(join(tmpdir(), 'seqlab-prune-'))
const out = join(folder, 'runs')
afterAll(() => rmSync(folder, { recursive: true }))

const seqlab = (...args: readonly string[]) => command([...args, '--out', out])

beforeAll(async () => {
  await seqlab('run', 'test/spec/broken/base.yaml', '--set', 'train.steps=2', '--name', 'tiny', '--quiet')
})

test('list --size, prune --dry-run and prune say the same bytes', async () => {
  const { stdout: table } = await seqlab('list', '--size')
  expect(table).toMatch(/study +trials +models +checkpoints +other +total\n.*tiny +1 +[\d.]+ k?B/)
  const [before] = (await seqlab('list', '--size', '--json')).stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(before).toMatchObject({ study: join(out, 'tiny'), trials: 1 })

  const dry = await seqlab('prune', 'tiny', '--dry-run')
  expect(dry.stdout).toMatch(
    /tiny: would free [\d.]+ k?B in 1 trial \(checkpoints [\d.]+ k?B, attempts 0 B, alignments .*B\)/,
  )
  const pruned = JSON.parse((await seqlab('prune', join(out, 'tiny'), '--json')).stdout)
  expect(pruned).toMatchObject({ trials: 1, bytes: { checkpoints: before.bytes.checkpoint, attempts: 0 }, left: [] })
  expect((await seqlab('prune', 'tiny')).stdout).toContain('freed 0 B in 0 trials')
  const after = JSON.parse((await seqlab('list', '--size', '--json')).stdout)
  expect(after.bytes).toMatchObject({ model: before.bytes.model, checkpoint: 0 })
})

test('what is no study is refused', async () => {
  expect(await seqlab('prune', 'other')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('No study is called other'),
  })
})
