import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { globSync } from 'tinyglobby'
import { afterAll, expect, test } from 'vitest'
import { loadStudy } from '../../src/spec/plan/study/load-study.js'

// Each study that says how it is made short runs so, by the built program, from its file to its comparison.
const root = mkdtempSync(join(tmpdir(), 'seqlab-studies-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const all = globSync('experiments/**/*.yaml').sort()
const short = all.filter((file) => /^quick:/m.test(readFileSync(file, 'utf8')))

function sweep(file: string): Promise<{ code: number; stderr: string }> {
  const args = [resolve('dist/cli/main.js'), 'sweep', resolve(file), '--quick', '--workers', '2', '--quiet']
  return new Promise((done) => {
    execFile(process.execPath, args, { cwd: root }, (error, _, stderr) => {
      done({ code: error === null ? 0 : Number(error.code), stderr })
    })
  })
}

/** Only results that others published are on data of others. */
const lacksData = (file: string, stderr: string) =>
  file.includes('reproductions') && /does not exist|no such file|cannot be read/i.test(stderr)

test('most studies can be made short', () => {
  expect(short.length).toBeGreaterThan(all.length / 2)
})

test.each(short)('%s', async (file) => {
  const { code, stderr } = await sweep(file)
  if (lacksData(file, stderr)) {
    const { published } = loadStudy(file)
    // What is lacking is said: the file here, and where the public has it in the study.
    return expect(`${published?.data ?? ''}${readFileSync(file, 'utf8')}`).toMatch(/github|download|files? of/i)
  }
  expect(stderr).toBe('')
  expect(code).toBe(0)
  const { name, specs, seeds = [], claims } = loadStudy(file, { quick: true })
  const report: { groups: { trials: { status: string }[] }[]; claims: unknown[] } = JSON.parse(
    readFileSync(join(root, 'runs', name, 'comparison.json'), 'utf8'),
  )
  const states = report.groups.flatMap((group) => group.trials).map(({ status }) => status)
  expect(states).toEqual(Array.from({ length: specs.length * Math.max(1, seeds.length) }, () => 'completed'))
  expect(report.claims).toHaveLength(claims.length)
})
