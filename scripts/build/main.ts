// npm run build: the program as a bundle in dist/, split by folder of src/, so that a command loads what it needs.
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Plugin, type RolldownOutput, rolldown } from 'rolldown'
import { minifySync } from 'rolldown/utils'
import { codeDigest, programDigest } from './code.js'
import { exportedAlone } from './exported-alone.js'
import { lazyRequire } from './lazy-require.js'
import { librariesOf, noticesOf } from './libraries.js'
import { compileValidators } from './validators.js'

const dist = 'dist'

/** What stays outside: found by Node when it is needed, because it has native code, threads of its own or data. */
const external = [
  /^node:/,
  'piscina',
  'onnxruntime-node',
  '@tensorflow/tfjs-node',
  'cmu-pronouncing-dictionary',
  'bullmq',
  'ioredis',
]

/** Programs of their own: the command line, and what a run starts as a process and as its threads; and the library. */
const entries = [
  'index',
  'cli/main',
  'runner/hosts/host',
  'runner/hosts/worker',
  'runner/executors/slurm/agent',
  'report/live/draw/worker',
]

/** Folders that are loaded whole: one file is quicker to read than many. What a command needs of others is split off. */
const whole = [
  'core',
  'stats',
  'engine/compiled',
  'data',
  'model',
  'metrics',
  'decode',
  'task',
  'train',
  'spec',
  'store',
  'report/analysis',
]

const smallLibraries = ['picocolors', 'fastest-levenshtein', 'pure-rand', 'nanotar', '@commander-js/extra-typings']

/** The chunk of a module: its folder of src/, or its library; null where the bundler decides by who needs it. */
function chunkOf(id: string): string | null {
  const source = /\/src\/(.*)\.ts$/.exec(id)?.[1]
  if (source !== undefined) {
    if (source === 'spec/document/ahead') return 'libraries/validators'
    const folder = whole.find((each) => source.startsWith(`${each}/`))
    return folder === undefined ? null : `${folder}/index`
  }
  const library = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(id)?.[1]
  return library === undefined ? null : `libraries/${chunkOfLibrary(library)}`
}

/** To find and open a file takes as long as to read 50 KB: small libraries share one, ajv has what it alone needs. */
function chunkOfLibrary(library: string): string {
  if (['fast-deep-equal', 'fast-uri', 'json-schema-traverse'].includes(library)) return 'ajv'
  if (smallLibraries.includes(library)) return 'small'
  return library.replace('@', '').replace('/', '-')
}

/**
 * Other people's code and generated code, which nobody reads here, is shortened: it is read at each start. Last of all, since
 * the bundler would write it out in lines again.
 */
const minifyLibraries: Plugin = {
  name: 'minify-libraries',
  generateBundle: (_, bundle) => {
    for (const chunk of Object.values(bundle)) {
      if (chunk.type !== 'chunk' || !chunk.name.startsWith('libraries/')) continue
      chunk.code = minifySync(chunk.fileName, chunk.code).code
    }
  },
}

async function program(): Promise<RolldownOutput> {
  const bundle = await rolldown({
    input: Object.fromEntries(entries.map((entry) => [entry, `src/${entry}.ts`])),
    platform: 'node',
    preserveEntrySignatures: 'allow-extension',
    external,
    plugins: [lazyRequire, compileValidators, minifyLibraries],
    checks: { ineffectiveDynamicImport: false },
  })
  return bundle.write({
    dir: dist,
    format: 'esm',
    entryFileNames: '[name].js',
    // Chunks that are only a module's names, for a dynamic import, have no folder of their own.
    chunkFileNames: ({ name }) => (name.includes('/') ? '[name].js' : 'chunks/[name].js'),
    codeSplitting: { includeDependenciesRecursively: false, groups: [{ name: chunkOf, debugName: 'folders' }] },
  })
}

/** TF.js by itself: loaded when the first operation is asked for. */
async function tfjs(): Promise<RolldownOutput> {
  const bundle = await rolldown({
    input: 'src/core/tfjs.ts',
    platform: 'node',
    external: [/^node:/, 'node-fetch'],
    resolve: { mainFields: ['module', 'main'] },
    // Kernels and gradients are registered by importing them.
    treeshake: { moduleSideEffects: () => true },
  })
  return bundle.write({ file: join(dist, 'tfjs.cjs'), format: 'cjs', exports: 'named', minify: true })
}

/** A script of pages. A module of Node's that it reaches would break every page: that ends the build. */
async function page(
  folder: string,
  input: string,
  name: string,
  plugins: readonly Plugin[] = [],
): Promise<RolldownOutput> {
  const bundle = await rolldown({
    input: `src/${folder}/${input}.ts`,
    platform: 'browser',
    plugins: [...plugins],
    onLog: (_, { message }) => {
      throw new Error(message)
    },
  })
  return bundle.write({ file: join(dist, folder, `${name}.js`), format: 'iife', minify: true })
}

rmSync(dist, { recursive: true, force: true })
mkdirSync(dist)
const [drawn, live] = ['report/render/browser', 'report/live/browser']
const pages = [
  await page(drawn, 'main', 'page'),
  await page(drawn, 'trial', 'trial'),
  await page(drawn, 'playground/main', 'playground', [exportedAlone]),
  await page(live, 'main', 'live'),
]
const outputs = [await program(), await tfjs(), ...pages]
const modules = outputs.flatMap(({ output }) => output.flatMap((file) => (file.type === 'chunk' ? file.moduleIds : [])))
const libraries = librariesOf(modules)
const versions = Object.fromEntries(libraries.map(({ name, version }) => [name, version]))
const build = { code: codeDigest(modules), program: programDigest(modules), libraries: versions }
writeFileSync(join(dist, 'build.json'), JSON.stringify(build, null, 2))
writeFileSync(join(dist, 'THIRD-PARTY.md'), noticesOf(libraries))
chmodSync(join(dist, 'cli/main.js'), 0o755)
