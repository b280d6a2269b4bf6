import { spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'

// Real child processes of the built command (`npm test` builds first), with places that cannot be written. What root may do
// everywhere another user may not: where permissions matter the command runs as nobody.
const folder = mkdtempSync(join(tmpdir(), 'seqlab-places-'))
chmodSync(folder, 0o777)
afterAll(() => rmSync(folder, { recursive: true }))
const base = 'test/spec/broken/base.yaml'
const isRoot = process.getuid?.() === 0

interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

interface Settings {
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Instead of a pipe, this file as stdout. */
  readonly stdout?: string
  readonly nobody?: boolean
}

function seqlab(args: readonly string[], { env = {}, stdout, nobody = false }: Settings = {}): Promise<Ended> {
  const quoted = [process.execPath, 'dist/cli/main.js', ...args].map((word) => `'${word}'`).join(' ')
  const child = spawn('sh', ['-c', stdout === undefined ? quoted : `${quoted} > ${stdout}`], {
    env: { ...process.env, NO_COLOR: '1', ...env },
    ...(nobody && isRoot && { uid: 65534, gid: 65534 }),
  })
  const texts = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    texts.stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    texts.stderr += text
  })
  return new Promise((done) => child.on('close', (code) => done({ code, ...texts })))
}

/** What people read: the error and what to do, and no stack. */
function expectRefusal({ code, stdout, stderr }: Ended, message: RegExp, hint: RegExp): void {
  expect(stderr).toMatch(message)
  const lines = stderr.trimEnd().split('\n')
  expect(lines).toHaveLength(2)
  expect(lines[1]).toMatch(hint)
  expect([code, stdout]).toEqual([2, ''])
}

const file = join(folder, 'file')
writeFileSync(file, '')
const dangling = join(folder, 'dangling')
symlinkSync(join(folder, 'nothing', 'there'), dangling)
const closed = join(folder, 'closed')
mkdirSync(closed, { mode: 0o500 })

test.each([
  ['a file', file, /Cannot create the folder .*file: it is a file, not a folder/],
  ['a dangling link', dangling, /dangling is a link to .*nothing\/there, which does not exist/],
  ['a file system that creates nothing', '/proc/runs', /Cannot create the folder \/proc\/runs: nothing can be created/],
  ['a folder without permission', closed, /closed\/base: permission is denied/],
])('run --out: %s', async (_, out, message) => {
  expectRefusal(await seqlab(['run', base, '--quiet', '--out', out], { nobody: true }), message, /hint .*--out/)
})

test.each([
  ['a file', join(file, 'graphs'), /file: it is a file, not a folder/],
  ['a folder without permission', closed, /closed: permission is denied/],
])('run --dump-graph: %s, before anything is trained', async (_, to, message) => {
  const out = join(folder, 'dumped')
  mkdirSync(out, { mode: 0o777, recursive: true })
  chmodSync(out, 0o777)
  const ended = await seqlab(['run', base, '--quiet', '--out', out, '--dump-graph', to], { nobody: true })
  expectRefusal(ended, message, /hint .*--dump-graph/)
  expect(readdirSync(out)).toEqual([])
})

test('run --out: too long for the file system', async () => {
  const args = ['run', base, '--quiet', '--out', join(folder, 'long', 'a'.repeat(300))]
  expectRefusal(await seqlab(args), /a name is too long for the file system/, /hint Use a shorter name, or .* --out/)
  expect(existsSync(join(folder, 'long'))).toBe(false)
})

test('run --name: too long for the file system', async () => {
  const args = ['run', base, '--quiet', '--out', join(folder, 'runs'), '--name', 'ж'.repeat(200)]
  expectRefusal(await seqlab(args), /a name is too long for the file system/, /hint Use a shorter name with --name/)
})

test.each([
  [
    'explain',
    ['explain', base, '--no-data', '--svg', join(file, 'model.svg')],
    /file is a file, not a folder/,
    /--svg/,
  ],
  ['explain to a full device', ['explain', base, '--no-data', '--svg', '/dev/full'], /full: no space is left/, /--svg/],
])('%s', async (_, args, message, option) => {
  const { code, stderr } = await seqlab(args)
  expect([code, stderr.trimEnd().split('\n').length]).toEqual([2, 2])
  expect(stderr).toMatch(message)
  expect(stderr).toMatch(option)
  expect(existsSync('/dev/full')).toBe(true)
})

test('list of a folder without permission', async () => {
  const out = join(folder, 'unreadable')
  mkdirSync(out, { mode: 0 })
  expectRefusal(
    await seqlab(['list', '--out', out], { nobody: true }),
    /unreadable: permission is denied/,
    /permissions/,
  )
})

test('a full device as stdout: said once, exit code 2, and the result is published', async () => {
  const out = join(folder, 'full')
  const { code, stderr } = await seqlab(['run', base, '--quiet', '--out', out], { stdout: '/dev/full' })
  expect(stderr).toMatch(/^error: Cannot write to stdout: no space is left on the device\n {4}hint .*\n$/)
  expect(code).toBe(2)
  expect(readdirSync(join(out, 'base')).some((name) => /^[0-9a-f]{16}$/.test(name))).toBe(true)
})

test('a closed pipe is no error, on either side', async () => {
  const node = `'${process.execPath}' dist/cli/main.js`
  const out = join(folder, 'pipes')
  const shell = (script: string) =>
    new Promise<Ended>((done) => {
      const child = spawn('bash', ['-c', script], { stdio: ['ignore', 'pipe', 'pipe'] })
      let stdout = ''
      let stderr = ''
      child.stdout.on('data', (text) => {
        stdout += text
      })
      child.stderr.on('data', (text) => {
        stderr += text
      })
      child.on('close', (code) => done({ code, stdout, stderr }))
    })
  const head = await shell(`${node} schema | head -1; exit \${PIPESTATUS[0]}`)
  expect(head).toEqual({ code: 0, stdout: '{\n', stderr: '' })
  // Progress goes to a pipe that nobody reads: the run goes on.
  const run = await shell(`(${node} run ${base} --out ${out}; echo "code $?") 2> >(exec 0<&-)`)
  expect(run.stdout).toMatch(/^report {2}.*report\.html$/m)
  expect(run.stdout).toMatch(/code 0$/m)
})

test('no home, or a cache that cannot be written: said once, and the result is there', async () => {
  const none = { HOME: undefined, XDG_CACHE_HOME: undefined, SEQLAB_CACHE: undefined }
  const args = (name: string) => [
    'run',
    base,
    '--quiet',
    '--out',
    join(folder, name),
    '--set',
    'seed=1,2',
    '--workers',
    '2',
  ]
  const reason =
    /^warning: Compiled graphs are not cached: .*file: it is a file, not a folder\. SEQLAB_CACHE names another/
  for (const env of [
    { ...none, HOME: file },
    { ...none, SEQLAB_CACHE: join(file, 'cache') },
  ]) {
    const { code, stderr } = await seqlab(args('cache'), { env })
    expect(code).toBe(0)
    expect(stderr.trimEnd().split('\n')).toEqual([expect.stringMatching(reason)])
    rmSync(join(folder, 'cache'), { recursive: true })
  }
})
