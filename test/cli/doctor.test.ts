import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'seqlab-doctor-'))
afterAll(() => rmSync(folder, { recursive: true }))

function doctor(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<{ code: number; stdout: string }> {
  return new Promise((done) => {
    const settings = { env: { ...process.env, NO_COLOR: '1', ...env } }
    execFile(process.execPath, ['dist/cli/main.js', 'doctor', ...args], settings, (error, stdout) =>
      done({ code: Number(error?.code ?? 0), stdout }),
    )
  })
}

test('everything that runs depend on, on one screen; nothing is left behind', async () => {
  const out = join(folder, 'new', 'runs')
  const { code, stdout } = await doctor(['--out', out], { SEQLAB_CACHE: join(folder, 'cache') })
  expect(stdout).toMatch(/^ok +node +\d+\./m)
  expect(stdout).toMatch(/^ok +engine compiled +onnxruntime-node \d+\./m)
  expect(stdout).toMatch(/^ok +output +.*new\/runs$/m)
  expect(stdout).toMatch(/^ok +machine +\d+ cores?, [\d.]+ GiB of memory$/m)
  expect(stdout.split('\n').length).toBeLessThan(24)
  expect(code).toBe(0)
  expect([existsSync(join(folder, 'new')), existsSync(join(folder, 'cache'))]).toEqual([false, false])
})

test('what is missing, with what to do: exit code 1', async () => {
  const file = join(folder, 'file')
  writeFileSync(file, '')
  const { code, stdout } = await doctor(['--out', file, '--json'], { SEQLAB_CACHE: join(file, 'cache') })
  const findings = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { name: string; status: string; fix?: string })
  const missing = findings.filter(({ status }) => status === 'missing')
  expect(missing.map(({ name, fix }) => [name, fix])).toEqual([
    ['cache', expect.stringContaining('SEQLAB_CACHE')],
    ['output', expect.stringContaining('--out')],
  ])
  expect(code).toBe(1)
})
