import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RunRecord } from '../../src/store/trial/record.js'
import { type Snippet, snippetsOf } from './support.js'

// Does what docs/add-a-scorer.md says in a copy of the sources, builds it, and trains with the new scorer.
const page = 'docs/add-a-scorer.md'
const folder = mkdtempSync(join(tmpdir(), 'seqlab-scorer-'))
afterAll(() => rmSync(folder, { recursive: true }))

const execute = promisify(execFile)
const node = (...args: readonly string[]) =>
  execute(process.execPath, [...args], {
    cwd: folder,
    env: { ...process.env, NO_COLOR: '1' },
    maxBuffer: 16 * 1024 ** 2,
  })

function snippet(fits: (snippet: Snippet) => boolean): Snippet {
  const found = snippetsOf(page).find(fits)
  if (found === undefined) throw new RangeError(`${page} has lost a snippet`)
  return found
}

/** Inserts an import line before the first import of the file, and an entry after the line that it follows. */
function edited(text: string, { text: edit }: Snippet): string {
  const [imported = '', opening = '', entry = ''] = edit.split('\n')
  expect(text).toContain(`${opening}\n`)
  return `${imported}\n${text.replace(`${opening}\n`, `${opening}\n${entry}\n`)}`
}

beforeAll(async () => {
  for (const name of ['src', 'scripts', 'tsconfig.json', 'package.json'])
    cpSync(name, join(folder, name), { recursive: true })
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'))
  const file = snippet(({ mark }) => mark.startsWith('file='))
  writeFileSync(join(folder, file.mark.replace('file=', '')), file.text)
  const edit = snippet(({ mark }) => mark.startsWith('edit='))
  const index = join(folder, edit.mark.replace('edit=', ''))
  writeFileSync(index, edited(readFileSync(index, 'utf8'), edit))
  writeFileSync(join(folder, 'spec.yaml'), snippet(({ language }) => language === 'yaml').text)
  await node('--import', 'tsx', 'scripts/build/main.ts')
})

// Side by side: each waits for programs of its own.
test.concurrent('the new scorer trains, and is named in the schema', async () => {
  const args = ['run', 'spec.yaml', '--set', 'model.context.scorer=distance', '--json', '--quiet']
  const { stdout } = await node('dist/cli/main.js', ...args)
  const record = JSON.parse(stdout) as RunRecord
  expect(record.status).toBe('completed')
  expect(record.spec.model.context).toMatchObject({ scorer: { type: 'distance', scale: 1 } })
  expect((await node('dist/cli/main.js', 'schema')).stdout).toContain('Minus the squared distance')
})

test.concurrent('its equation is explained and its rule is reported', async () => {
  const distance = ['--set', 'model.context.scorer=distance']
  const explained = await node('dist/cli/main.js', 'explain', 'spec.yaml', '--no-data', ...distance)
  expect(explained.stdout).toContain('e_ts = −a ‖q_t[16] − k_s[16]‖²')
  const args = ['check', 'spec.yaml', '--no-data', ...distance, '--set', 'model.decoder.hidden=8']
  await expect(node('dist/cli/main.js', ...args)).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining('the distance scorer needs'),
  })
})

test.concurrent('the scores that the page gives', async () => {
  const script = `
    import { tf } from './src/core/tf.ts'
    import { distance } from './src/model/scorers/distance.ts'
    await tf.setBackend('cpu')
    const axis = { name: 'D', size: 2, index: 'units' }
    const { score } = distance.build({ scale: 1 }, { query: axis, key: axis, coverage: false })
    const { scores } = score({}, tf.tensor2d([[1, 0]]), tf.tensor3d([[[1, 0], [0, 2]]]))
    console.log(JSON.stringify(await scores.array()))`
  writeFileSync(join(folder, 'scores.mjs'), script)
  const { stdout } = await node('--import', 'tsx', 'scores.mjs')
  expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toEqual(
    [[0, -5]].map((row) => row.map((score) => score || expect.closeTo(0))),
  )
})
