import { existsSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { cacheDirectory } from '../core/cache-directory.js'
import { SeqlabError } from '../core/errors.js'
import { packageFolder } from '../core/package.js'
import { type HostTensor, sizeOf } from '../core/tensors.js'
import { bindTf, type Tensor, type TfLibrary, tf } from '../core/tf.js'
import { leaves, mapTree, type Tree } from '../core/tree.js'
import type { Engine, EngineState, Executable, PureFunction, Signature } from './types.js'

/** The function run as it is on one of TF.js's own backends: `cpu` (the reference) or `tensorflow` (tfjs-node). */
export function eagerEngine(name: 'tfjs-cpu' | 'tfjs-node', backend: string, version: string): Engine {
  return {
    name,
    version,
    compile: async (label: string, pure: PureFunction, signature: Signature): Promise<Executable> => ({
      run: async (state, inputs) => {
        if (!(state instanceof EagerState)) throw new RangeError('The state belongs to another engine')
        return runOnce(label, backend, pure, signature, state, inputs)
      },
      info: { name: label, nodes: 0, cached: false, traceMs: 0, sessionMs: 0 },
      dispose: async () => {},
    }),
    createState: (values: Tree<HostTensor>): EngineState => new EagerState(backend, values),
    dispose: async () => {},
  }
}

class EagerState implements EngineState {
  private tensors: Map<string, Tensor>
  private readonly like: Tree<HostTensor>

  constructor(
    private readonly backend: string,
    values: Tree<HostTensor>,
  ) {
    this.like = mapTree(values, ({ dtype, shape }) => ({ dtype, shape, data: new Float32Array(0) }))
    this.tensors = onBackend(backend, () => new Map(leaves(values).map(([path, value]) => [path, upload(value)])))
  }

  at(path: string): Tensor {
    const tensor = this.tensors.get(path)
    if (tensor === undefined) throw new RangeError(`The state has no tensor "${path}"`)
    return tensor
  }

  holds(tensor: Tensor): boolean {
    return [...this.tensors.values()].includes(tensor)
  }

  replace(changed: ReadonlyMap<string, Tensor>): void {
    for (const [path, tensor] of changed) {
      this.at(path).dispose()
      this.tensors.set(path, tensor)
    }
  }

  async read(): Promise<Tree<HostTensor>> {
    return mapTree(this.like, (_, path) => download(this.at(path)))
  }

  write(values: Tree<HostTensor>): void {
    const incoming = leaves(values)
    if (incoming.length !== this.tensors.size) {
      throw new RangeError(`The state has ${this.tensors.size} tensors, not ${incoming.length}`)
    }
    onBackend(this.backend, () => this.replace(new Map(incoming.map(([path, value]) => [path, upload(value)]))))
  }

  get bytes(): number {
    return [...this.tensors.values()].reduce((sum, { shape }) => sum + 4 * sizeOf(shape), 0)
  }

  dispose(): void {
    for (const tensor of this.tensors.values()) tensor.dispose()
    this.tensors.clear()
  }
}

/** One run: only the outputs and the new state outlive it. */
function runOnce(
  label: string,
  backend: string,
  pure: PureFunction,
  signature: Signature,
  state: EagerState,
  inputs: Tree<HostTensor>,
): Tree<HostTensor> {
  checkInputs(label, signature, inputs)
  return onBackend(backend, () => {
    tf.engine().startScope(label)
    try {
      const uploaded = mapTree(inputs, upload)
      const current = mapTree(signature.state, (_, path) => state.at(path))
      const result = pure(current, uploaded)
      const changed = leaves(result.state ?? {}).filter(([path, tensor]) => tensor !== state.at(path))
      const outputs = mapTree(result.outputs, download)
      // A leaf that leaves twice, or under another name, is copied: each state tensor has one owner.
      const next = new Map(changed.map(([path, tensor]) => [path, tf.keep(tensor.clone())]))
      // What the function kept (tf.keep) outlives the scope.
      const results = [...leaves(result.state ?? {}), ...leaves(result.outputs)].map(([, tensor]) => tensor)
      for (const tensor of results) if (!state.holds(tensor)) tensor.dispose()
      state.replace(next)
      return outputs
    } finally {
      tf.engine().endScope()
    }
  })
}

function checkInputs(label: string, signature: Signature, inputs: Tree<HostTensor>): void {
  const values = new Map(leaves(inputs))
  for (const [path, spec] of leaves(signature.inputs)) {
    const value = values.get(path)
    const expected = `${spec.dtype} [${spec.shape.join(', ')}]`
    const received = value === undefined ? 'nothing' : `${value.dtype} [${value.shape.join(', ')}]`
    if (expected !== received) throw new RangeError(`${label}: input "${path}" must be ${expected}, not ${received}`)
  }
}

/** TF.js's backend is global to the thread: it is switched for the call and restored. */
function onBackend<T>(backend: string, work: () => T): T {
  const previous = tf.getBackend() || backend
  void tf.setBackend(backend)
  try {
    return work()
  } finally {
    void tf.setBackend(previous)
  }
}

function upload({ dtype, shape, data }: HostTensor): Tensor {
  return tf.tensor(data.slice(), [...shape], dtype)
}

/** Booleans leave as int32, as from the compiled engine. */
function download(tensor: Tensor): HostTensor {
  const { shape, dtype } = tensor
  const data = tensor.dataSync()
  return dtype === 'float32'
    ? { dtype, shape, data: Float32Array.from(data) }
    : { dtype: 'int32', shape, data: Int32Array.from(data) }
}

/** Loads tfjs-node, which registers the backend `tensorflow`. Throws SeqlabError 'engine' where it cannot be had. */
export function loadTfjsNode(): string {
  const major = Number(process.versions.node.split('.')[0])
  if (major >= 23) {
    throw new SeqlabError('engine', `@tensorflow/tfjs-node does not load on Node ${process.versions.node}`, {
      hint: 'It calls functions that Node 23 removed (tensorflow/tfjs issue 8609): use Node 20 or 22, or --engine compiled.',
    })
  }
  // Before the library is loaded: it reports on stderr that oneDNN is on, at any log level, where that is so.
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '3'
  process.env.TF_ENABLE_ONEDNN_OPTS ??= '0'
  const failures: unknown[] = []
  for (const folder of [packageFolder(name), builtTfjsNode()]) {
    if (folder === undefined || !hasBinding(folder)) continue
    try {
      return register(folder)
    } catch (cause) {
      if (cause instanceof SeqlabError) throw cause
      failures.push(cause)
    }
  }
  throw new SeqlabError('engine', `${name} is not installed, or does not load`, {
    cause: failures[0],
    hint: 'Install it with `npm install @tensorflow/tfjs-node`, build it with `npm run engine:tfjs-node` where its download is out of reach, or use --engine compiled.',
  })
}

const name = '@tensorflow/tfjs-node'

/** Loads it and binds the whole of TF.js that it registers its backend on; its version. */
function register(folder: string): string {
  const require = createRequire(join(folder, 'package.json'))
  const library: TfLibrary = require(folder)
  bindTf(library)
  const { version }: { readonly version: string } = require('./package.json')
  return version
}

/** Without its native part, loading it would fail only after it has loaded another TF.js and registered kernels on it. */
function hasBinding(folder: string): boolean {
  const lib = join(folder, 'lib')
  const versions = existsSync(lib) ? readdirSync(lib) : []
  return versions.some((version) => existsSync(join(lib, version, 'tfjs_binding.node')))
}

/** Where `npm run engine:tfjs-node` puts what it builds. */
function builtTfjsNode(): string | undefined {
  const cache = cacheDirectory()
  return cache === undefined ? undefined : join(cache, 'tfjs-node-4.22.0', 'node_modules', name)
}

export function tfjsVersion(): string {
  return tf.version_core
}
