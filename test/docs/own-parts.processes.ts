import { exec } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { snippetsOf } from './support.js'

// Writes the files of docs/own-parts.md and runs its commands in order (`npm test` builds first).
const page = snippetsOf('docs/own-parts.md')
const folder = mkdtempSync(join(tmpdir(), 'seqlab-own-page-'))
afterAll(() => rmSync(folder, { recursive: true }))

beforeAll(() => {
  for (const { language, mark, text } of page) {
    if (language === 'ts') writeFileSync(join(folder, mark.replace('file=', '')), text)
    if (language === 'yaml') writeFileSync(join(folder, /^# (\S+)/.exec(text)?.[1] ?? ''), text)
  }
})

/** The built command in the place of `seqlab`. */
function run(line: string): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  const program = `${process.execPath} ${resolve('dist/cli/main.js')}`
  const options = { cwd: folder, env: { ...process.env, NO_COLOR: '1' } }
  return new Promise((done) => {
    exec(line.replace(/\bseqlab /, `${program} `), options, (error, stdout, stderr) => {
      done({ code: error === null ? 0 : (error.code ?? -1), stdout, stderr })
    })
  })
}

test('every command ends as the page says, with the output that it shows', async () => {
  const ran: string[] = []
  for (const [at, { language, text }] of page.entries()) {
    if (language !== 'sh') continue
    const next = page[at + 1]
    for (const line of text.trimEnd().split('\n')) {
      const { code, stdout, stderr } = await run(line)
      expect(code, `${line}\n${stderr}`).toBe(/# exit code 2$/.test(line) ? 2 : 0)
      if (next?.language === 'text') expect(stdout + stderr).toBe(next.text)
      if (line.includes('explain')) expect(stdout).toContain('e_ts = −a ‖q_t[16] − k_s[16]‖²')
      if (line.endsWith('predict near # exit code 2')) expect(stderr).toContain('trained with parts of distance.js')
      ran.push(line)
    }
  }
  expect(ran.length).toBeGreaterThan(5)
})
