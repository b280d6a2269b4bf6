import { execFile } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ComparisonReport } from '../../src/report/analysis/comparison/types.js'
import type { RunRecord } from '../../src/store/trial/record.js'

// What a row of comparison.html says, given to a real shell in another folder.
const root = mkdtempSync(join(tmpdir(), "seqlab rerun's "))
const project = join(root, 'project')
const elsewhere = join(root, 'elsewhere')
afterAll(() => rmSync(root, { recursive: true, force: true }))

beforeAll(() => {
  for (const folder of ['bin', 'project/specs', 'project/words', 'elsewhere'])
    mkdirSync(join(root, folder), { recursive: true })
  const main = resolve('dist/cli/main.js')
  writeFileSync(join(root, 'bin', 'seqlab'), `#!/bin/sh\nexec '${process.execPath}' '${main}' "$@"\n`)
  chmodSync(join(root, 'bin', 'seqlab'), 0o755)
  const rows = ['Anna\tname', 'Rome\tplace', 'Bert\tname', 'Oslo\tplace', 'Carl\tname', 'Lima\tplace', 'Dora\tname']
  writeFileSync(join(project, 'words', 'kinds.tsv'), `${rows.join('\n')}\n`)
  writeFileSync(
    join(project, 'specs', 'base.yaml'),
    `task: classify
data: { source: { type: tsv, file: kinds.tsv }, sourceTokens: characters, split: { dev: 2, test: 2 } }
model:
  source: { representation: { type: embedding, size: 4 } }
  encoder: { cell: gru, hidden: 6 }
  context: last-state
train: { optimizer: adam, batchSize: 3, steps: 4, validate: { every: 2 } }
`,
  )
  writeFileSync(
    join(project, 'study.yaml'),
    'extends: specs/base.yaml\ngrid: { model.encoder.cell: [gru, elman] }\nseeds: 2\n',
  )
})

function shell(command: string, cwd: string) {
  const PATH = `${join(root, 'bin')}${delimiter}${process.env.PATH}`
  return promisify(execFile)('sh', ['-c', command], { cwd, env: { ...process.env, PATH, NO_COLOR: '1' } })
}

test('a row of the comparison makes its trial again, to the same bytes, from another folder', async () => {
  await shell('seqlab sweep study.yaml --data-dir words --quiet', project)
  const study = join(project, 'runs', 'study')
  const report = JSON.parse(readFileSync(join(study, 'comparison.json'), 'utf8')) as ComparisonReport
  const row = report.groups[0]?.trials.find(({ seed, variant }) => seed === 2 && variant === 'v2')
  if (row === undefined) throw new Error('four trials')
  expect(readFileSync(join(study, 'comparison.html'), 'utf8')).toContain(row.trialId)
  const { stdout } = await shell(`${row.rerun} --json --quiet`, elsewhere)
  const record = JSON.parse(stdout) as RunRecord
  expect([record.trialId, record.status]).toEqual([row.trialId, 'completed'])
  const [name = ''] = readdirSync(join(elsewhere, 'runs')).filter((entry) => entry !== 'index.html')
  for (const file of ['metrics.jsonl', 'evaluations/final/predictions.jsonl', 'spec.yaml']) {
    const again = readFileSync(join(elsewhere, 'runs', name, row.trialId, file), 'utf8')
    const first = readFileSync(join(study, row.trialId, file), 'utf8')
    expect(again, file).toBe(first)
  }
})

test('a trial that starts from another one is made again where its relative path leads', async () => {
  const first = `runs/study/${readdirSync(join(project, 'runs', 'study')).find((name) => /^[0-9a-f]{16}$/.test(name))}`
  const { spec } = JSON.parse(readFileSync(join(project, first, 'record.json'), 'utf8')) as RunRecord
  const cell = spec.model.encoder?.cell.type
  writeFileSync(
    join(project, 'warm.yaml'),
    `extends: specs/base.yaml\nmodel: { encoder: { cell: ${cell} } }\ntrain: { init: { from: ${first} } }\n`,
  )
  await shell('seqlab run warm.yaml --data-dir words --quiet', project)
  const { stdout } = await shell('seqlab compare project/runs/warm --format json', root)
  const [row] = (JSON.parse(stdout) as ComparisonReport).groups[0]?.trials ?? []
  const again = await shell(`${row?.rerun} --json --quiet`, elsewhere)
  expect(JSON.parse(again.stdout)).toMatchObject({ trialId: row?.trialId, status: 'completed' })
})
