import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeFolder } from '../../core/files.js'
import { type HostTensor, sizeOf } from '../../core/tensors.js'
import { mapTree, type Tree } from '../../core/tree.js'
import type { Engine, EngineOptions, EngineState, Executable, PureFunction, Signature } from '../types.js'
import type { View } from './binding.js'
import { cacheKey, type GraphCache, graphCache } from './cache.js'
import { splitEpilogue } from './epilogue.js'
import { type Graph, type Port, printGraph, typeOf } from './ir.js'
import { lower, separateOutputs } from './lower.js'
import { encodeModel } from './onnx.js'
import { dropDeadCode } from './passes/dead-code.js'
import { passesFor, runPasses } from './passes/index.js'
import { runtimeVersion } from './runtime.js'
import { CompiledExecutable, openSession, type Program } from './session.js'
import { CompiledState } from './state.js'
import { trace } from './trace.js'
import { verify } from './verify.js'

/** Functions traced once a signature, lowered to ONNX and run by ONNX Runtime on the CPU. */
export function compiledEngine(options: EngineOptions): Engine {
  const executables = new Set<CompiledExecutable>()
  const version = `onnxruntime-node ${runtimeVersion}`
  const cache = options.cacheDir === undefined ? undefined : graphCache(options.cacheDir, options.warn)
  return {
    name: 'compiled',
    version,
    compile: async (name, pure, signature, identity): Promise<Executable> => {
      const key =
        identity === undefined
          ? undefined
          : cacheKey(name, identity, signature, `${version}, ${options.threads} threads`)
      const place = key === undefined || cache === undefined ? undefined : { cache, key }
      const executable =
        (await reopen(name, signature, options, place)) ?? (await make(name, pure, signature, options, place))
      executables.add(executable)
      executable.onRelease = () => executables.delete(executable)
      return executable
    },
    createState: (values: Tree<HostTensor>): EngineState => new CompiledState(values),
    dispose: async () => {
      for (const executable of [...executables]) await executable.dispose()
    },
  }
}

type Place = { readonly cache: GraphCache; readonly key: string } | undefined

async function make(name: string, pure: PureFunction, signature: Signature, options: EngineOptions, place: Place) {
  const start = performance.now()
  const program = compileProgram(name, pure, signature, options)
  const traced = performance.now()
  const { model, ...ports } = program
  const session = await openSession(name, model, { threads: options.threads, valueBytes: ports.valueBytes })
  place?.cache.write(place.key, program)
  const sessionMs = performance.now() - traced
  const info = { name, nodes: program.nodes, cached: false, traceMs: traced - start, sessionMs }
  // The session has the model now: its megabytes need not stay here.
  return new CompiledExecutable(info, ports, signature, session)
}

/** From disk, where it is there and can be opened (another process may delete it meanwhile); a dump wants the passes to run. */
async function reopen(name: string, signature: Signature, options: EngineOptions, place: Place) {
  const cached = options.dumpGraphDir === undefined ? place?.cache.read(place.key) : undefined
  if (cached === undefined) return undefined
  const start = performance.now()
  const { modelFile, program } = cached
  const settings = { threads: options.threads, valueBytes: program.valueBytes }
  const session = await openSession(name, modelFile, settings).catch(() => undefined)
  if (session === undefined) return undefined
  const info = { name, nodes: program.nodes, cached: true, traceMs: 0, sessionMs: performance.now() - start }
  return new CompiledExecutable(info, program, signature, session)
}

const lastStage = '99-final'

/** Trace, verify, passes, ONNX: everything before the session. */
export function compileProgram(
  name: string,
  pure: PureFunction,
  signature: Signature,
  { threads, dumpGraphDir }: EngineOptions,
): Program {
  const seen = observer(name, dumpGraphDir)
  const traced = trace(pure, signature)
  seen('00-trace', traced.graph)
  const { graph: rest, updates } = splitEpilogue(dropDeadCode(traced.graph))
  const lowered = lower(dropDeadCode(rest))
  seen('00-lowered', lowered)
  const graph = dropUnusedInputs(separateOutputs(runPasses(lowered, passesFor(threads), seen)))
  seen(lastStage, graph)
  const targets = graph.outputs
    .filter(({ name: port }) => !port.startsWith('output/'))
    .map((port) => viewOf(graph, port))
  return {
    model: encodeModel(lastFirst(graph), name),
    nodes: graph.nodes.length,
    valueBytes: valueBytes(graph),
    inputs: graph.inputs.flatMap((port) => (port.name.startsWith('input/') ? [port.name.slice(6)] : [])),
    views: graph.inputs.filter((port) => port.name.startsWith('state/')).map((port) => viewOf(graph, port)),
    targets,
    changedState: [...new Set(targets.flatMap(({ of }) => (of.startsWith('next/') ? [of.slice(5)] : [])))],
    updates,
    outputs: mapTree(traced.outputs, ({ shape }, path) => ({ dtype: outputType(graph, `output/${path}`), shape })),
  }
}

/** Of all that nodes make; a Reshape's result is its operand's memory. */
function valueBytes({ nodes, values }: Graph): number {
  const computed = nodes.filter(({ op }) => op !== 'Reshape').flatMap(({ outputs }) => outputs)
  return computed.reduce((sum, value) => sum + 4 * sizeOf(typeOf({ values }, value).shape), 0)
}

/**
 * The same graph with its nodes in reverse order. ONNX Runtime runs a node right before the node that reads it; of several
 * inputs it computes the last listed first, with everything that they depend on. With the last node first it begins with
 * the longest chain and computes cheap values (the slope of a gate, a lookup) right before their use, when their operands
 * or results are still in the cache, and needs less memory for pending values. Steps take 2 to 4 % less time. Only the
 * order of nodes differs, which ONNX Runtime sorts topologically itself.
 */
function lastFirst(graph: Graph): Graph {
  return { ...graph, nodes: graph.nodes.toReversed() }
}

function viewOf(graph: Graph, { name, value, stretch = { of: name, offset: 0 } }: Port): View {
  const { dtype, shape } = typeOf(graph, value)
  return { port: name, ...stretch, dtype: dtype === 'float32' ? dtype : 'int32', shape }
}

function outputType(graph: Graph, name: string) {
  const port = graph.outputs.find((output) => output.name === name)
  return port !== undefined && typeOf(graph, port.value).dtype === 'float32' ? 'float32' : 'int32'
}

/** ONNX Runtime drops inputs that nothing uses and then refuses to be fed them. */
function dropUnusedInputs(graph: Graph): Graph {
  const used = new Set(graph.nodes.flatMap((node) => node.inputs))
  return { ...graph, inputs: graph.inputs.filter(({ value }) => used.has(value)) }
}

/** Whether every stage is verified, and not only the last: the tests do, and so does who dumps the stages. */
const verifiesAll = process.env.NODE_ENV === 'test'

/** Verifies stages, and writes them down where a directory is given. */
function observer(name: string, dumpDir: string | undefined): (stage: string, graph: Graph) => void {
  const dir = dumpDir === undefined ? undefined : join(dumpDir, name.replace(/[^\w.-]+/g, '-'))
  if (dir !== undefined) makeFolder(dir)
  return (stage, graph) => {
    if (verifiesAll || dir !== undefined || stage === lastStage) verify(graph, stage)
    if (dir !== undefined) writeFileSync(join(dir, `${stage}.txt`), printGraph(graph))
  }
}
