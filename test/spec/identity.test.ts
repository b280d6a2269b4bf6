import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { specYaml } from '../../src/spec/document/print.js'
import { loadSpecs } from '../../src/spec/plan/load-specs.js'
import { selectTrials } from '../../src/spec/plan/select.js'
import { prepare } from '../../src/spec/prepare.js'
import type { Plan } from '../../src/spec/types.js'
import { readStartingState } from '../../src/store/trial/starting-state.js'

let folder = ''
const write = (name: string, text: string) => writeFileSync(join(folder, name), text)
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'seqlab-identity-'))
  for (const name of ['train.tsv', 'copy.tsv']) write(name, 'abc\tx y z\nbca\ty z x\nab\tx y\n')
  write('dev.tsv', 'cab\tz x y\n')
  write('other-dev.tsv', 'cab\tz x y\nb\ty\n')
  write('test.tsv', 'ba\ty x\n')
  write('other-test.tsv', 'ccccabbbaa\tz z z z\na\tx\n')
})
afterAll(() => rmSync(folder, { recursive: true }))

interface Sections {
  readonly data?: { readonly train?: string; readonly dev?: string; readonly test?: string }
  readonly metrics?: string
  readonly validate?: string
  readonly steps?: number
  readonly more?: string
}

function yaml({ data, metrics = '[ser, exact-match]', validate = '', steps = 10, more = '' }: Sections): string {
  const files = { train: 'train.tsv', dev: 'dev.tsv', test: 'test.tsv', ...data }
  return `extends: ${resolve('test/spec/broken/base.yaml')}
data: { source: { type: tsv, ${Object.entries(files).map(([name, file]) => `${name}: ${file}`)} }, split: null }
metrics: ${metrics}
train: { steps: ${steps}, validate: { every: 5, ${validate} } }
${more}
`
}

async function prepared(...specs: readonly Sections[]) {
  const files = specs.map((sections, at) => {
    write(`spec${at}.yaml`, yaml(sections))
    return join(folder, `spec${at}.yaml`)
  })
  return prepare(files, { kind: 'specs', readState: readStartingState })
}

async function planned(...specs: readonly Sections[]): Promise<Plan> {
  const { plan, problems } = await prepared(...specs)
  expect(problems).toEqual([])
  if (plan === undefined) throw new Error('there is no plan')
  return plan
}

describe('one trial', () => {
  test('where data are written in another way and are the same', async () => {
    const { problems } = await prepared({}, { data: { train: 'copy.tsv' } })
    expect(problems.map(({ message }) => message)).toEqual([
      '"spec1" and "spec0" are the same trial: same training, seed (1) and data, evaluated in the same way',
    ])
  })

  test('with another search, other metrics or another test set has an evaluation for each', async () => {
    const { trials, study } = await planned(
      {},
      { more: 'decode: { type: beam, width: 2 }' },
      { metrics: '[ser, per]' },
      { data: { test: 'other-test.tsv' } },
    )
    expect(study).toMatch(/^adhoc-/)
    expect(trials).toHaveLength(1)
    const [{ label, evaluations, spec, digests } = { label: '', evaluations: [] }] = trials
    expect(label).toBe('spec0')
    expect(spec?.decode).toEqual({ type: 'greedy' })
    expect(evaluations.map((each) => each.label)).toEqual(['spec0', 'spec1', 'spec2', 'spec3'])
    expect(new Set(evaluations.map(({ id }) => id)).size).toBe(4)
    expect(evaluations.map(({ decode }) => decode.type)).toEqual(['greedy', 'beam', 'greedy', 'greedy'])
    expect(evaluations.map(({ testDigest }) => testDigest === digests?.test)).toEqual([true, true, true, false])
    expect(evaluations[3]?.data.source).toMatchObject({ test: 'other-test.tsv' })
  })

  test('is chosen by the label of any of its evaluations, with all of them', async () => {
    const plan = await planned({}, { more: 'decode: { type: beam, width: 2 }' })
    expect(selectTrials(plan, ['spec1'])).toEqual({ trials: plan.trials })
  })
})

test.each<[string, Sections]>([
  ['its number of steps', { steps: 12 }],
  ['its seed', { more: 'seed: 2' }],
  ['its dev data', { data: { dev: 'other-dev.tsv' } }],
  ['what selects', { validate: 'select: loss' }],
  ['the order of what selects', { validate: 'select: [ser, exact-match]' }],
  ['the search of validations', { validate: 'decode: { type: beam, width: 2 }' }],
  ['its metrics, where the first one selects', { metrics: '[exact-match, ser]' }],
])('%s: another trial', async (_, sections) => {
  const { trials } = await planned({}, sections)
  expect(trials).toHaveLength(2)
})

describe('what selects', () => {
  const resolved = (sections: Sections) => {
    write('one.yaml', yaml(sections))
    const { specs, problems } = loadSpecs([join(folder, 'one.yaml')])
    return { problems, spec: specs[0]?.spec, validate: specs[0]?.spec.train.validate }
  }

  test('is the first metric by default, under a greedy search', () => {
    expect(resolved({}).validate).toEqual({ every: 5, select: [{ type: 'ser' }], decode: { type: 'greedy' } })
  })

  test('a bare name has the options that it has among the metrics, a map has its own', () => {
    const metrics = '[{ type: chrf, beta: 1 }, ser]'
    const { validate } = resolved({ metrics, validate: 'select: [ser, chrf, loss, per]' })
    expect(validate?.select).toEqual([
      { type: 'ser' },
      { type: 'chrf', beta: 1, wordOrder: 0, lowercase: false },
      'loss',
      { type: 'per' },
    ])
    const own = resolved({ metrics, validate: 'select: { type: chrf }' }).validate
    expect(own?.select).toEqual([{ type: 'chrf', beta: 2, wordOrder: 0, lowercase: false }])
  })

  test('reads back from the resolved spec', () => {
    const { spec } = resolved({ metrics: '[{ type: chrf, beta: 1 }]', validate: 'select: [chrf, loss]' })
    if (spec === undefined) throw new Error('the spec is wrong')
    write('resolved.yaml', specYaml(spec))
    expect(loadSpecs([join(folder, 'resolved.yaml')]).specs[0]?.spec).toEqual(spec)
  })

  test('a search is refused where nothing is decoded, and left out of what is written', () => {
    const tagger = `extends: ${resolve('configs/tickets-tag.yaml')}\n`
    write('tagger.yaml', tagger)
    const [loaded] = loadSpecs([join(folder, 'tagger.yaml')]).specs
    if (loaded === undefined) throw new Error('the spec is wrong')
    expect(specYaml(loaded.spec)).not.toContain('decode:')
    write('resolved.yaml', specYaml(loaded.spec))
    expect(loadSpecs([join(folder, 'resolved.yaml')]).specs[0]?.spec).toEqual(loaded.spec)
    write('tagger.yaml', `${tagger}decode: greedy\ntrain: { validate: { decode: greedy } }\n`)
    const { problems } = loadSpecs([join(folder, 'tagger.yaml')])
    expect(problems.map(({ path }) => path)).toEqual(['decode', 'train.validate.decode'])
  })
})
