import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { command } from '../support/command.js'

const folder = mkdtempSync(join(tmpdir(), 'seqlab-pipes-'))
afterAll(() => rmSync(folder, { recursive: true }))

const hint = '    hint an option of a spec is given with --set: --set train.steps=5\n'
const spec = 'configs/last-state.yaml'

describe('an option of a spec that is given as other programs take it', () => {
  test.each([
    ['sweep', spec, 'train.steps=5'],
    ['explain', spec, 'train.steps=5'],
    ['run', spec, '--train.steps=5'],
    ['run', spec, '--out', 'there', '--train.steps', '5'],
  ])('%s %s %s', async (...args) => {
    const ran = await command(args)
    expect(ran).toMatchObject({ code: 2, stdout: '' })
    expect(ran.stderr).toContain(hint)
  })

  test('is told from what no verb has, and from options of the verb', async () => {
    for (const args of [
      ['run', spec, '--foo'],
      ['run', spec, '--out=there', '--foo'],
      // This verb has no --set.
      ['list', '--train.steps=5'],
    ]) {
      const ran = await command(args)
      expect(ran).toMatchObject({ code: 2, stdout: '' })
      expect(ran.stderr).toMatch(/^error: unknown option/)
      expect(ran.stderr).not.toContain('hint')
    }
  })
})

test('a spec that comes through a pipe is refused with what to do', async () => {
  const pipe = join(folder, 'spec.yaml')
  execFileSync('mkfifo', [pipe])
  const checked = await command(['check', pipe])
  expect(checked).toMatchObject({ code: 2, stdout: '' })
  expect(checked.stderr).toContain('spec.yaml: is a pipe or a device, not a file\n    hint write it to a file first: ')
  writeFileSync(join(folder, 'extending.yaml'), 'extends: spec.yaml\n')
  const extending = await command(['check', join(folder, 'extending.yaml')])
  expect(extending.stderr).toContain('is a pipe or a device, not a file\n    hint write it to a file first: ')
})
