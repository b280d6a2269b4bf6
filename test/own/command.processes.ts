import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { copyFileSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { command } from '../support/command.js'

// Real child processes of the built command (`npm test` builds first), with parts of one's own in a file.
const folder = mkdtempSync(join(tmpdir(), 'seqlab-own-'))
const at = (...names: readonly string[]) => join(folder, ...names)
const mine = at('mine.js')
const spec = at('spec.yaml')
const sources = at('sources.txt')
const runs = at('runs')
afterAll(() => rmSync(folder, { recursive: true }))

interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

const env = { ...process.env, NO_COLOR: '1' }

function seqlab(...args: readonly string[]): Promise<Ended> {
  return new Promise((done) => {
    execFile(process.execPath, ['dist/cli/main.js', ...args], { env }, (error, stdout, stderr) => {
      done({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1, stdout, stderr })
    })
  })
}

function records(stdout: string): readonly Record<string, unknown>[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
}

const idsIn = (stdout: string) => records(stdout).map(({ trialId }) => String(trialId))

/** Another text of the same parts, as an editor leaves it. */
function edited(name: string): string {
  writeFileSync(at(name), readFileSync(mine, 'utf8').replace('A leaky integrator.', 'A leaking integrator.'))
  return at(name)
}

let trained: Ended
let trial = ''
let model = ''
let digest = ''
beforeAll(async () => {
  cpSync('test/own/files', folder, { recursive: true })
  writeFileSync(sources, 'a b c\nf e d\n')
  trained = await seqlab(
    ...['run', spec, '--parts', mine, '--set', 'seed=1,2', '--workers', '2', '--out', runs, '--name', 'own'],
    ...['--json', '--quiet'],
  )
  const [id = ''] = idsIn(trained.stdout)
  trial = join(runs, 'own', id)
  model = join(trial, 'model')
  digest = JSON.parse(readFileSync(join(model, 'model.json'), 'utf8')).parts[0].digest
})

describe('an own cell, scorer and metric', () => {
  test('train in two workers, and model.json names the file and its digest', () => {
    expect(trained).toMatchObject({ code: 0, stderr: '' })
    expect(records(trained.stdout)).toHaveLength(2)
    for (const record of records(trained.stdout))
      expect(record).toMatchObject({ status: 'completed', metrics: { test: { 'first-right': expect.anything() } } })
    const { parts } = JSON.parse(readFileSync(join(model, 'model.json'), 'utf8'))
    expect(parts).toEqual([{ file: 'mine.js', digest: expect.stringMatching(/^[0-9a-f]{64}$/) }])
  })

  test('are kept when the same command is given again, and trained anew from another text', async () => {
    const again = (seeds: string) => [spec, '--set', `seed=${seeds}`, '--name', 'own', '--json', '--quiet']
    const same = await seqlab('run', ...again('1,2'), '--out', runs, '--parts', mine)
    expect(same).toMatchObject({ code: 0, stderr: '' })
    expect(idsIn(same.stdout).sort()).toEqual(idsIn(trained.stdout).sort())
    const other = await seqlab('run', ...again('1'), '--out', at('later'), '--parts', edited('later.js'))
    expect(other.code).toBe(0)
    expect(idsIn(other.stdout)).toHaveLength(1)
    for (const id of idsIn(other.stdout)) expect(idsIn(trained.stdout)).not.toContain(id)
  })

  test('are found by explain and by the schema of editors', async () => {
    const explained = await seqlab('explain', spec, '--no-data', '--parts', mine)
    expect(explained).toMatchObject({ code: 0, stderr: '' })
    expect(explained.stdout).toContain('e_ts = q_t[8]ᵀ W[8, 8] k_s[8] / τ')
    const { stdout } = await seqlab('schema', '--parts', mine)
    expect(stdout).toContain('"leaky"')
    expect(stdout).toContain('"description": "τ."')
    expect((await command(['schema'])).stdout).not.toContain('"leaky"')
  })

  test('have their options checked, and their names suggested', async () => {
    const wrong = ['--set', 'model.encoder.cell.alpha=2', '--set', 'model.context.scorer=scaled-genral']
    const { code, stderr } = await seqlab('check', spec, '--no-data', '--parts', mine, ...wrong)
    expect(code).toBe(2)
    expect(stderr).toContain('model.encoder.cell.alpha: is too large')
    expect(stderr).toContain('did you mean `scaled-general`?')
  })

  test('are evaluated later by a metric that training did not know', async () => {
    const more = ['--set', 'metrics=[exact-match,first-right]', '--out', runs, '--name', 'own', '--json', '--quiet']
    const { code, stdout } = await seqlab('run', spec, '--parts', mine, '--set', 'seed=1,2', ...more)
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('first-right') })
  })
})

describe('a model of own parts', () => {
  test('predicts, scores, is evaluated and exported where they are given, wherever the file is by now', async () => {
    copyFileSync(mine, at('moved.js'))
    const parts = ['--parts', at('moved.js')] as const
    const predicted = await seqlab('predict', model, sources, ...parts)
    expect(predicted).toMatchObject({ code: 0, stderr: '' })
    expect(predicted.stdout.trimEnd().split('\n')).toHaveLength(2)
    writeFileSync(at('pairs.tsv'), 'a b c\tc b a\n')
    expect(await seqlab('score', model, at('pairs.tsv'), ...parts)).toMatchObject({ code: 0, stderr: '' })
    const evaluated = await seqlab('evaluate', model, '--test', at('pairs.tsv'), '--into', at('evaluated'), ...parts)
    expect(evaluated).toMatchObject({ code: 0, stdout: expect.stringContaining('first-right') })
    expect(await seqlab('export', trial, '--onnx', at('onnx'), ...parts)).toMatchObject({ code: 0, stderr: '' })
  })

  test.each([
    ['predict', () => [sources]],
    ['score', () => [sources]],
    ['evaluate', () => ['--test', sources, '--into', at('refused')]],
    ['export', () => ['--onnx', at('refused')]],
  ])('is refused by %s where they are not given, and where they are others', async (verb, more) => {
    const without = await command([verb, trial, ...more()])
    expect(without).toMatchObject({ code: 2, stdout: '' })
    const needs = `was trained with parts of mine.js (digest ${digest.slice(0, 12)})`
    expect(without.stderr).toContain(`${needs}; no --parts was given`)
    const others = await seqlab(verb, trial, ...more(), '--parts', edited('other.js'))
    expect(others).toMatchObject({ code: 2, stdout: '' })
    expect(others.stderr).toMatch(new RegExp(`; what was given is .*other\\.js \\(digest (?!${digest.slice(0, 12)})`))
  })
})

describe('a run', () => {
  const long = ['--set', 'train.steps=160', '--set', 'train.validate.every=20'] as const
  const commandOf = (out: string) =>
    ['run', spec, '--parts', at('edited', 'mine.js'), ...long, '--workers', '1', '--out', out] as const
  const written = () => cpSync('test/own/files', at('edited'), { recursive: true })

  function until(child: ChildProcess, words: string): Promise<void> {
    return new Promise((resolve) => {
      let printed = ''
      child.stderr?.setEncoding('utf8').on('data', (text: string) => {
        printed += text
        if (printed.includes(words)) resolve()
      })
    })
  }

  function start(args: readonly string[]): { readonly child: ChildProcess; readonly ended: Promise<number | null> } {
    const child = spawn(process.execPath, ['dist/cli/main.js', ...args], { env, stdio: ['ignore', 'ignore', 'pipe'] })
    return { child, ended: new Promise((resolve) => child.on('close', resolve)) }
  }

  test('ends with the text that it began with, whatever the file becomes meanwhile', async () => {
    written()
    const { child, ended } = start([
      ...commandOf(at('kept')),
      '--set',
      'seed=1,2',
      '--isolation',
      'process',
      '--name',
      'kept',
    ])
    await until(child, 'validated at step 20')
    writeFileSync(at('edited', 'mine.js'), 'this is no JavaScript any more')
    writeFileSync(at('edited', 'share.js'), 'nor is this')
    expect(await ended).toBe(0)
    const models = readdirSync(at('kept', 'kept')).filter((name) => /^[0-9a-f]{16}$/.test(name))
    expect(models).toHaveLength(2)
    for (const id of models) {
      const described = JSON.parse(readFileSync(at('kept', 'kept', id, 'model', 'model.json'), 'utf8'))
      expect(described.parts[0].digest).toBe(digest)
    }
  })

  test('goes on where it was stopped, to the same results', async () => {
    written()
    const { child, ended } = start(commandOf(at('stopped')))
    await until(child, 'validated at step 20')
    child.kill('SIGINT')
    expect(await ended).toBe(130)
    const resumed = await seqlab(...commandOf(at('stopped')), '--json', '--quiet')
    const whole = await seqlab(...commandOf(at('whole')), '--json', '--quiet')
    expect([resumed.code, whole.code]).toEqual([0, 0])
    const [one] = records(resumed.stdout)
    const [other] = records(whole.stdout)
    expect(one).toMatchObject({ trialId: other?.trialId, metrics: other?.metrics })
  })
})

describe('names', () => {
  test('that only a file has are unknown without it, with a hint', async () => {
    const { code, stderr } = await command(['check', spec, '--no-data'])
    expect(code).toBe(2)
    expect(stderr).toContain('`leaky` is not a cell')
    expect(stderr).toContain('parts of your own are given on the command line: `--parts FILE.js`')
  })

  test('`parts` is no key of a spec', async () => {
    writeFileSync(at('with-parts.yaml'), `${readFileSync(spec, 'utf8')}parts: mine.js\n`)
    const { code, stderr } = await seqlab('check', at('with-parts.yaml'), '--no-data', '--parts', mine)
    expect(code).toBe(2)
    expect(stderr).toContain('`parts` is not a key of a spec')
    expect(stderr).toContain('`--parts FILE.js`')
  })
})

test('what is no JavaScript by its name, or cannot be read, is refused', async () => {
  const files = [spec, at('gone.js'), folder]
  for (const file of files) {
    const { code, stderr } = await seqlab('check', spec, '--no-data', '--parts', file)
    expect(code).toBe(2)
    expect(stderr).toContain(file)
    expect(stderr).not.toContain('bug in seqlab')
  }
  writeFileSync(at('bytes.js'), Buffer.from([0xff, 0xfe]))
  expect((await seqlab('check', spec, '--parts', at('bytes.js'))).stderr).toContain('bytes.js: it is not UTF-8')
})

test('a file that cannot be used ends the command with one sentence and no stack', async () => {
  writeFileSync(at('throws.js'), 'const x = null\nexport const y = x.z\n')
  const { code, stdout, stderr } = await seqlab('check', spec, '--no-data', '--parts', at('throws.js'))
  const sentence = `error: ${at('throws.js')}:2:20: Cannot read properties of null (reading 'z')\n`
  expect({ code, stdout, stderr }).toEqual({ code: 2, stdout: '', stderr: sentence })
})

test('two files may not have a part of one name', async () => {
  const { code, stderr } = await seqlab('check', spec, '--parts', mine, '--parts', edited('second.js'))
  expect({ code, stderr }).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('the metric `first-right` is in '),
  })
})

test('an error of a part that runs is told as the file’s, with its line', async () => {
  const text = readFileSync(mine, 'utf8')
  writeFileSync(at('metric.js'), text.replace('references.some', 'null.some'))
  const out = ['--out', at('failed'), '--json', '--quiet']
  const ran = await seqlab('run', spec, '--parts', at('metric.js'), ...out)
  expect(ran.code).not.toBe(0)
  expect(ran.stdout + ran.stderr).toMatch(/metric\.js:\d+:\d+: metric `first-right`: Cannot read properties of null/)
  writeFileSync(at('builds.js'), text.replace('scorer({', 'nothing({'))
  const checked = await seqlab('check', spec, '--parts', at('builds.js'))
  expect(checked.code).toBe(2)
  expect(checked.stderr).toMatch(/builds\.js:\d+:\d+: scorer `scaled-general`: nothing is not defined/)
})

test('TypeScript is read from Node 22.18, and refused in a sentence before', async () => {
  const types = readFileSync(mine, 'utf8').replace('alpha }, {', 'alpha }: { alpha: number }, {')
  writeFileSync(at('mine.ts'), types)
  const { code, stderr } = await seqlab('check', spec, '--no-data', '--parts', at('mine.ts'))
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > 22 || (major === 22 && minor >= 18)) expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  else {
    expect(code).toBe(2)
    expect(stderr).toContain(`mine.ts: TypeScript needs Node 22.18, and this is ${process.versions.node}`)
  }
})
