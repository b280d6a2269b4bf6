// A checkout as a step peer for models that are given as specs: a trial is started, and held at the first run of the graph
// that is asked for, which is then run over and over with the same inputs.
// usage: node --import tsx bench/against/serve-spec.ts DIR --threads 1
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { HostTensor } from '../../src/core/tensors.js'
import type { Tree } from '../../src/core/tree.js'
import type { Engine, EngineState, Executable } from '../../src/engine/types.js'
import { type Served, serve } from '../step/serving.js'
import type { SpecCase } from './cases.js'

const checkout = resolve(process.argv[2] ?? '.')

/** The module at the first of these paths that the checkout has: files have moved between versions. */
async function load(...paths: readonly string[]) {
  const found = paths.map((path) => join(checkout, 'src', path)).find(existsSync)
  if (found === undefined) throw new Error(`${checkout} has none of ${paths.join(', ')}`)
  return import(found)
}

const { createEngine }: typeof import('../../src/engine/index.js') = await load('engine/index.ts')
const { loadDataset }: typeof import('../../src/data/load.js') = await load('data/load.ts')
const { loadSpecs }: typeof import('../../src/spec/plan/load-specs.js') = await load(
  'spec/plan/load-specs.ts',
  'spec/load.ts',
)
const { transduce }: typeof import('../../src/task/transduce.js') = await load('task/transduce.ts')
const { runTrial }: typeof import('../../src/train/loop/trial.js') = await load('train/loop/trial.ts', 'train/trial.ts')

interface Run {
  readonly executable: Executable
  readonly state: EngineState
  readonly inputs: Tree<HostTensor>
}

/** An engine that never gets to the end of the first run of a function whose name starts so, but tells of it. */
function heldAt(graph: string, engine: Engine, tell: (run: Run) => void): Engine {
  const held = (executable: Executable): Executable => ({
    info: executable.info,
    run: (state, inputs) => {
      tell({ executable, state, inputs })
      return new Promise(() => undefined)
    },
    dispose: () => executable.dispose(),
  })
  return {
    name: engine.name,
    version: engine.version,
    createState: (values) => engine.createState(values),
    dispose: () => engine.dispose(),
    compile: async (name, ...given) => {
      const executable = await engine.compile(name, ...given)
      return name.startsWith(graph) ? held(executable) : executable
    },
  }
}

function specOf(written: object) {
  const directory = mkdtempSync(join(tmpdir(), 'seqlab-against-'))
  try {
    const file = join(directory, 'spec.yaml')
    writeFileSync(file, JSON.stringify(written))
    const { specs, problems } = loadSpecs([file])
    const spec = specs[0]?.spec
    if (spec === undefined) throw new Error(problems.map(({ path, message }) => `${path}: ${message}`).join('\n'))
    return spec
  } finally {
    rmSync(directory, { recursive: true })
  }
}

async function prepare({ spec: written, graph }: SpecCase, threads: number): Promise<Served> {
  const spec = specOf(written)
  const engine = await createEngine('compiled', { threads })
  const dataset = await loadDataset(spec.data, transduce.sides, { baseDir: '.' })
  const { executable, state, inputs } = await new Promise<Run>((tell, fail) => {
    const ports = {
      stopRequested: () => false,
      readState: () => Promise.reject(new Error('a case starts from nothing')),
      emit: () => undefined,
      record: () => undefined,
      sample: () => undefined,
      save: async () => undefined,
    }
    const trial = runTrial(spec, 1, dataset, heldAt(graph, engine, tell), undefined, ports)
    trial.then(() => fail(new Error(`no graph is named ${graph}`)), fail)
  })
  return {
    info: { nodes: executable.info.nodes },
    run: async (steps) => {
      for (let done = 0; done < steps; done++) await executable.run(state, inputs)
      return Number.NaN
    },
    dispose: () => engine.dispose(),
  }
}

await serve(prepare)
