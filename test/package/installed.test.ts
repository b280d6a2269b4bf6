import { execFile } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { snippetsOf, whereOf } from '../docs/support.js'

// The package as npm packs it, installed without a network and with an empty cache into a project that has nothing else;
// then the programs of docs/library.md in it. (`npm test` builds first.)
const folder = mkdtempSync(join(tmpdir(), 'seqlab-package-'))
const project = join(folder, 'project')
afterAll(() => rmSync(folder, { recursive: true }))

const execute = promisify(execFile)
const installed = join(project, 'node_modules', 'seqlab')

function npm(directory: string, ...args: readonly string[]) {
  const quiet = ['--ignore-scripts', '--offline', '--no-audit', '--no-fund', '--loglevel=error']
  return execute('npm', [...args, ...quiet, '--cache', join(folder, 'cache')], { cwd: directory })
}

/** The packages of these folders, packed by one start of npm. */
async function packed(directories: readonly string[]): Promise<readonly string[]> {
  const { stdout } = await npm(folder, 'pack', ...directories, '--pack-destination', folder)
  const names = stdout.trim().split('\n').slice(-directories.length)
  return names.map((name) => join(folder, name))
}

/** What the project would install with the package but is not in it: from here, as there is no network. */
function link(name: string): void {
  mkdirSync(join(project, 'node_modules', name, '..'), { recursive: true })
  symlinkSync(resolve('node_modules', name), join(project, 'node_modules', name))
}

/** The package's files with its types: a copy, since other tests read dist/ at the same time. */
async function copied(): Promise<string> {
  const copy = join(folder, 'package')
  for (const name of ['package.json', 'README.md', 'LICENSE', 'dist', 'configs', 'schema', 'docs'])
    cpSync(name, join(copy, name), { recursive: true })
  await execute(process.execPath, ['--import', 'tsx', 'scripts/declarations.ts', join(copy, 'dist', 'types')])
  return copy
}

let tarball = ''
beforeAll(async () => {
  const { dependencies }: { dependencies: Record<string, string> } = JSON.parse(readFileSync('package.json', 'utf8'))
  const needed = Object.keys(dependencies).map((name) => resolve('node_modules', name))
  const [own = '', ...others] = await packed([await copied(), ...needed])
  tarball = own
  mkdirSync(project)
  writeFileSync(join(project, 'package.json'), JSON.stringify({ private: true, type: 'module' }))
  await npm(project, 'install', '--omit=optional', tarball, ...others)
  // Packed into vendor/ only when the package is published.
  link('onnxruntime-node')
})

test('the package and its types are found as they should be', async () => {
  const { messages, pkg } = await publint({ pkgDir: installed, strict: true })
  expect(messages.map((message) => formatMessage(message, pkg))).toEqual([])
  const analysis = await checkPackage(createPackageFromTarballData(new Uint8Array(readFileSync(tarball))))
  if (analysis.types === false) throw new RangeError('The package has no types')
  // An ES module alone: `require` of it is Node's own from 20.19 on.
  const problems = analysis.problems.filter(({ kind }) => kind !== 'CJSResolvesToESM')
  expect(problems).toEqual([])
})

test('its types name modules of Node and files of its own alone', () => {
  const types = join(installed, 'dist', 'types')
  const files = readdirSync(types, { recursive: true, encoding: 'utf8' }).filter((file) => /\.d\.m?ts$/.test(file))
  const foreign = files.flatMap((file) => {
    const code = readFileSync(join(types, file), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '')
    const names = [...code.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*['"]([\w@./:-]+)['"]/g)].map(([, name = '']) => name)
    return names.filter((name) => !/^(\.|node:)/.test(name)).map((name) => `${file}: ${name}`)
  })
  expect(files.length).toBeGreaterThan(50)
  expect(foreign).toEqual([])
})

const page = snippetsOf('docs/library.md')
const programs = page.flatMap((snippet, index) => {
  const next = page[index + 1]
  const output = next?.language === 'text' ? next.text : ''
  return snippet.language === 'ts' ? [{ ...snippet, name: `program-${index}`, output }] : []
})

test('the programs of docs/library.md and docs/own-parts.md have the types that they use, without skipLibCheck', async () => {
  for (const name of ['@types/node', 'undici-types']) if (existsSync(join('node_modules', name))) link(name)
  for (const { name, text } of programs) writeFileSync(join(project, `${name}.ts`), text)
  for (const { text } of snippetsOf('docs/own-parts.md').filter(({ language }) => language === 'ts'))
    writeFileSync(join(project, 'own-parts.ts'), text)
  const compilerOptions = { module: 'nodenext', target: 'es2022', lib: ['es2023'], strict: true, noEmit: true }
  const options = { ...compilerOptions, types: ['node'], noUncheckedIndexedAccess: true }
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, include: ['*.ts'] }))
  const tsc = resolve('node_modules/typescript/bin/tsc')
  await expect(execute(process.execPath, [tsc, '-p', project])).resolves.toMatchObject({ stdout: '' })
  writeFileSync(join(project, 'wrong.ts'), `import { train } from 'seqlab'\ntrain('a.yaml', { workers: 'two' })\n`)
  const wrong = execute(process.execPath, [tsc, '-p', project])
  await expect(wrong).rejects.toMatchObject({ stdout: expect.stringContaining('wrong.ts(2') })
})

test('the programs of docs/library.md print what the page says', { timeout: 600_000 }, async () => {
  for (const { language, text } of page)
    if (language === 'yaml') writeFileSync(join(project, /^# (\S+)/.exec(text)?.[1] ?? ''), text)
  for (const program of programs) {
    writeFileSync(join(project, `${program.name}.js`), program.text)
    const { stdout } = await execute(process.execPath, [`${program.name}.js`], { cwd: project })
    expect(stdout, whereOf(program)).toBe(program.output)
  }
  expect(programs.length).toBeGreaterThan(4)
})
