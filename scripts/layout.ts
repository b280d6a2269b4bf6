// Defines what each folder of src/ contains and may import. `npm run lint:imports` writes the
// linter's rules and CONTRIBUTING's table from it; `npm run casts` counts by it.

export interface Folder {
  readonly name: string
  /** For CONTRIBUTING. */
  readonly holds: string
  /** Folders that it may import; absent: all above it. */
  readonly imports?: readonly string[]
  /** Folders above it that it may not import all the same. */
  readonly except?: readonly string[]
  /** Whether other folders may import its index.ts alone. */
  readonly byIndex?: boolean
}

/** In the order of imports: each may import only what is above it. */
export const folders: readonly Folder[] = [
  {
    name: 'core',
    holds: 'errors, seeded random numbers, shapes, trees; the one file that imports TF.js',
    imports: [],
  },
  { name: 'stats', holds: 'intervals, bootstrap, tests: pure numbers', imports: ['core'] },
  {
    name: 'engine',
    holds: 'a pure function and input shapes in, an executable out: eager, and compiled to ONNX',
    imports: ['core'],
  },
  { name: 'data', holds: 'sources, tokenizers, vocabulary, batching', imports: ['core'] },
  { name: 'model', holds: 'representations, cells, encoder, contexts, scorers, decoder, heads', imports: ['core'] },
  { name: 'metrics', holds: 'one file each: range, direction, per-example sums', imports: ['core', 'stats'] },
  { name: 'decode', holds: 'greedy, beam, sampling over a step function', imports: ['core', 'model'] },
  {
    name: 'playground',
    holds: 'a trained model in a page: an interpreter of the exported form, and predictions by it',
    imports: ['core', 'data', 'decode'],
  },
  {
    name: 'task',
    holds: 'one file per kind of problem: which parts, which loss, how it predicts',
    except: ['stats', 'engine'],
  },
  { name: 'train', holds: 'optimizers as (init, update) pairs, schedules, the step, the loop, checkpoints' },
  { name: 'spec', holds: 'options of all parts to one schema; reading, merging, rules, studies to plans' },
  {
    name: 'store',
    holds: 'the run directory: layout, durable files, manifest, ledger, lock, records, finding runs',
    byIndex: true,
  },
  { name: 'inference', holds: 'uses of a trained model: export to ONNX' },
  { name: 'runner', holds: 'coordinator, ledger, hosts, workers' },
  {
    name: 'report',
    holds: '`analysis`: records to groups, answers, claims; `render`: pages, tables, charts',
    except: ['engine'],
  },
  {
    name: 'library',
    holds: 'what the package exports (`src/index.ts` lists it), and commands do: values in, values out',
  },
  { name: 'cli', holds: 'the command line: parsing and printing only' },
]

/** Folders and files of parts, by the start of their path in src/: a reader meets equations there, and no casts. */
export const parts: readonly string[] = [
  ...['cells', 'scorers', 'context', 'heads', 'representation', 'maps', 'normalisers', 'initialisers'].map(
    (kind) => `model/${kind}`,
  ),
  ...['beam', 'greedy', 'sample', 'search', 'methods'].map((method) => `decode/${method}`),
  ...['optimizers', 'schedules', 'forcing'].map((kind) => `train/${kind}`),
  ...['data/sources', 'data/tokenizers', 'metrics', 'task'],
]

/** Rules within a folder of src/, in addition to the folder's rules. */
export interface InnerRule {
  readonly folder: string
  /** Top folders that it may import. */
  readonly imports: readonly string[]
  /** Patterns of other modules that it may not import. */
  readonly except: readonly string[]
  readonly why: string
}

const browser = {
  imports: ['core', 'stats', 'data', 'playground', 'report'],
  except: ['node:*'],
  why: 'it runs in a browser: pure modules alone',
}
const analysis = {
  imports: mayImport('report'),
  except: ['**/render/**'],
  why: 'what is true does not depend on how it is shown',
}

export const innerRules: readonly InnerRule[] = [
  { folder: 'playground', imports: mayImport('playground'), except: ['node:*'], why: browser.why },
  { folder: 'report/browser', ...browser },
  { folder: 'report/render/browser', ...browser },
  { folder: 'report/live/browser', ...browser },
  { folder: 'report/analysis', ...analysis },
  { folder: 'report/format', ...analysis },
]

/** What a folder may import, by name. */
export function mayImport(name: string): readonly string[] {
  const place = folders.findIndex((folder) => folder.name === name)
  const { imports, except = [] }: Partial<Folder> = folders[place] ?? {}
  const above = folders.slice(0, Math.max(0, place)).map((folder) => folder.name)
  return above.filter((other) => imports?.includes(other) ?? !except.includes(other))
}
