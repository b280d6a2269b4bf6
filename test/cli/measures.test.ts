import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import type { ComparisonReport } from '../../src/report/analysis/comparison/types.js'
import type { RunRecord } from '../../src/store/trial/record.js'
import { command } from '../support/command.js'

// Real runs whose metrics have other options each, and studies that were moved.
const folder = mkdtempSync(join(tmpdir(), 'seqlab-measures-'))
afterAll(() => rmSync(folder, { recursive: true }))

const letters = [...'abcdef']
const words = letters.flatMap((one) => letters.map((other) => `${one}${other}\t${one < other ? 'up' : 'down'}`))
writeFileSync(join(folder, 'kinds.tsv'), `${words.join('\n')}\n`)
const write = (name: string, text: string) => writeFileSync(join(folder, `${name}.yaml`), text)
write(
  'base',
  `task: classify
data: { source: { type: tsv, file: kinds.tsv }, sourceTokens: characters, split: { dev: 6, test: 12 } }
model:
  source: { representation: { type: embedding, size: 4 } }
  encoder: { cell: gru, hidden: 4 }
  context: last-state
train: { optimizer: adam, batchSize: 6, steps: 4, validate: { every: 2, select: loss } }
metrics: [accuracy]
`,
)
const sizes = (more: string) => `extends: base.yaml\ngrid: { model.encoder.hidden: [3, 4] }\nseeds: 2\n${more}`
const claim = 'claims: [{ left: "hidden=3", right: "hidden=4", metric: accuracy, relation: better }]\n'

const seqlab = (...args: readonly string[]) => command(args, { cwd: folder })
const trained = async (...args: readonly string[]) => {
  const ended = await seqlab(...args)
  if (ended.code !== 0) throw new Error(ended.stderr)
  return ended
}
const compared = async (...paths: readonly string[]) => {
  const { stdout, stderr, code } = await seqlab('compare', ...paths, '--format', 'json')
  if (code !== 0) throw new Error(stderr)
  return JSON.parse(stdout) as ComparisonReport
}
const recordIn = (study: string): RunRecord => {
  const [trial = ''] = readdirSync(join(folder, study)).filter((name) => /^[0-9a-f]{16}$/.test(name))
  return JSON.parse(readFileSync(join(folder, study, trial, 'record.json'), 'utf8'))
}
/** Test values by measure and variant. */
const valuesOf = ({ groups }: ComparisonReport) =>
  Object.fromEntries(
    groups.flatMap(({ metrics }) => metrics.map(({ name, values }) => [name, values.map(({ perSeed }) => perSeed)])),
  )
const valueIn = (study: string) => {
  const { f1 } = recordIn(study).metrics.test ?? {}
  return f1?.value
}

describe('runs whose f1 has other options', async () => {
  const micro = ['--set', 'metrics=[{type: f1, average: micro}]']
  const macro = ['--set', 'metrics=[f1]']
  await trained('run', 'base.yaml', ...micro, '--name', 'micro', '--out', 'runs')
  await trained('run', 'base.yaml', ...macro, '--set', 'train.steps=5', '--name', 'macro', '--out', 'runs')
  await trained('run', 'base.yaml', ...macro, '--name', 'again', '--out', 'runs')

  test('each have the value of their record, whatever comes first', async () => {
    const expected = {
      'f1 (average: micro)': [[valueIn('runs/micro')]],
      'f1 (average: macro)': [[valueIn('runs/macro')]],
    }
    expect(valuesOf(await compared('runs/micro', 'runs/macro'))).toEqual(expected)
    expect(valuesOf(await compared('runs/macro', 'runs/micro'))).toEqual(expected)
    expect(expected['f1 (average: micro)']).not.toEqual(expected['f1 (average: macro)'])
  })

  test('say in text what is not measured', async () => {
    const { stdout } = await seqlab('compare', 'runs/micro', 'runs/macro')
    expect(stdout).toMatch(/^Not measured in f1 \(average: micro\): base metrics=f1, steps=5\.$/m)
    expect(stdout).toMatch(/^\| base metrics=f1, steps=5 .*\| not measured \| not measured \| [\d.]+ % /m)
  })

  test('and the same training are one trained model with two evaluations', async () => {
    expect(recordIn('runs/again').trialId).toBe(recordIn('runs/micro').trialId)
    const report = await compared('runs/micro', 'runs/again')
    expect(report.copies.map(({ difference }) => difference)).toEqual([null])
    expect(report.skipped).toEqual([])
    expect(valuesOf(report)).toEqual({
      'f1 (average: micro)': [[valueIn('runs/micro')]],
      'f1 (average: macro)': [[valueIn('runs/again')]],
    })
  })

  test('are told apart by `diff`, each in a row of its own', async () => {
    const { stdout } = await seqlab('diff', 'runs/micro', 'runs/macro')
    expect(stdout).toMatch(/^f1 \(average: micro\) +[\d.]+ % \(.*\) +-$/m)
    expect(stdout).toMatch(/^f1 \(average: macro\) +- +[\d.]+ % \(/m)
  })

  test('are no pilot for a study that measures it otherwise, which says so', async () => {
    write(
      'planned',
      sizes(
        'metrics: [f1]\nclaims: [{ left: "hidden=3", right: "hidden=4", metric: f1, relation: better, effect: 0.1 }]\n',
      ),
    )
    const { stdout } = await trained('sweep', 'planned.yaml', '--plan', '--pilot', 'runs/micro')
    expect(stdout.replace(/\s+/g, ' ')).toContain(
      'give `spread`, or another --pilot: runs/micro measures f1 (average: micro), not f1 (average: macro)',
    )
  })

  test('are two columns of what a study prints at its end', async () => {
    write('both', 'extends: base.yaml\ngrid: { metrics: [[{ type: f1, average: micro }], [f1]] }\n')
    const { stdout } = await trained('sweep', 'both.yaml', '--out', 'runs')
    expect(stdout).toMatch(/test f1 \(average: micro\) ↑ .*test f1 \(average: macro\) ↑/)
  })
})

test('a claim whose sides measure its metric in two ways is refused with its place', async () => {
  write(
    'ways',
    `extends: base.yaml
grid: { metrics: [[{ type: f1, average: micro }], [{ type: f1, average: macro }]] }
claims: [{ left: "metrics=f1(average=micro)", right: "metrics=f1(average=macro)", metric: f1, relation: better }]
`,
  )
  const { code, stderr } = await seqlab('check', 'ways.yaml')
  expect(code).toBe(2)
  expect(stderr).toContain(
    'ways.yaml:3:91: claims.0.metric: the sides measure `f1` in two ways, f1 (average: micro) and f1 (average: macro), which are not compared with each other',
  )
})

describe('a study is its folder', async () => {
  write('moved', sizes(claim))
  await trained('sweep', 'moved.yaml', '--name', 'first', '--out', 'runs')
  const [before] = (await compared('runs/first')).claims

  test('its claims have their verdicts after it was renamed', async () => {
    expect(before?.test).not.toBeNull()
    renameSync(join(folder, 'runs/first'), join(folder, 'runs/second'))
    expect((await compared('runs/second')).claims).toEqual([before])
    const { stdout } = await trained('sweep', 'moved.yaml', '--name', 'second', '--out', 'runs')
    expect(stdout).toContain(`${before?.verdict}: hidden=3 better than hidden=4 in accuracy`)
    const after = await compared('runs/second')
    expect(after.claims).toEqual([before])
    expect(after.title).toBe('second')
    expect(after.groups[0]?.variants.map(({ study }) => study)).toEqual(['second', 'second'])
  })

  test('two of one name that share trials keep their own claims', async () => {
    write(
      'wider',
      `extends: base.yaml
grid: { model.encoder.hidden: [3, 4], train.batchSize: [6] }
seeds: 2
claims: [{ left: "hidden=3, batchSize=6", right: "hidden=4, batchSize=6", metric: accuracy, relation: better }]
`,
    )
    await trained('sweep', 'moved.yaml', '--name', 'same', '--out', 'here')
    await trained('sweep', 'wider.yaml', '--name', 'same', '--out', 'there')
    const { claims, copies } = await compared('here/same', 'there/same')
    expect(copies).toHaveLength(4)
    expect(
      claims.map(({ leftVariants, rightVariants, test: tested }) => [leftVariants, rightVariants, tested !== null]),
    ).toEqual([
      [['hidden=3'], ['hidden=4'], true],
      [['hidden=3, batchSize=6'], ['hidden=4, batchSize=6'], true],
    ])
  })
})
