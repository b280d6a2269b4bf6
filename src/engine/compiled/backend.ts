import type { LoopingBackend } from '../../core/loop.js'
import { type TfTypes, tf } from '../../core/tf.js'
import { elements, filled, type GraphBuilder } from './builder.js'
import type { ElementData, ElementType, ValueId, ValueType } from './ir.js'
import {
  type Made,
  makers,
  type RawAttributes,
  type TracedKernel,
  type TracedOp,
  tracedKernels,
  tracedRule,
} from './kernels.js'
import { nameValues } from './names.js'
import { recordLayer } from './operator-layer.js'
import { recordLoop } from './recurrence.js'
import { deepStack, TraceError } from './trace-error.js'

export const backendName = 'trace'

type DataId = TfTypes.DataId
type TensorInfo = TfTypes.TensorInfo

/** The value of a tensor's data: clones share it. */
interface Held {
  readonly value: ValueId
  references: number
}

/**
 * A TF.js backend whose kernels compute nothing: each records itself in the current graph. A tensor's data is the
 * number of a value in that graph. (Not a subclass of TF.js's own: that would load TF.js with this file.)
 */
export class TraceBackend implements TfTypes.KernelBackend {
  private readonly ids = new Map<DataId, Held>()
  private adopted = new Map<DataId, ValueId>()
  private recording: GraphBuilder<TracedOp> | undefined
  /** There while recurrences are recorded as such. */
  loop: LoopingBackend['loop'] | undefined
  layer: LoopingBackend['layer'] | undefined
  name: LoopingBackend['name'] | undefined
  /** Paths of the values that are parameters. */
  readonly paths = new Map<ValueId, string>()

  graph(): GraphBuilder<TracedOp> {
    if (this.recording === undefined) throw new Error('The trace backend was used outside a trace')
    return this.recording
  }

  /** A new tensor for a value of the graph. */
  tensorInfo(value: ValueId): TensorInfo {
    const dataId = {}
    this.ids.set(dataId, { value, references: 1 })
    const { dtype, shape } = this.graph().type(value)
    return { dataId, shape: [...shape], dtype: known(dtype) }
  }

  tensor(value: ValueId): TfTypes.Tensor {
    return tf.engine().makeTensorFromTensorInfo(this.tensorInfo(value), this)
  }

  /** A tensor of another backend (a constant that the function closed over) is copied into the graph. */
  idOf({ dataId, shape, dtype }: TensorInfo): ValueId {
    const value = this.ids.get(dataId)?.value ?? this.adopted.get(dataId)
    if (value !== undefined) return value
    const type = { dtype: known(dtype), shape }
    const constant = this.graph().constant(type, copied(tf.engine().readSync(dataId), type.dtype))
    this.adopted.set(dataId, constant)
    return constant
  }

  /** Records into `graph` until it is given another, or none; `loops`: recurrences are kept, not unrolled. */
  record(graph: GraphBuilder<TracedOp> | undefined, loops = false): void {
    this.recording = graph
    this.adopted = new Map()
    this.loop = loops ? (recurrence) => recordLoop(this, recurrence) : undefined
    this.layer = loops ? (layer) => recordLayer(this, layer) : undefined
    this.name = loops ? (params, tensors) => nameValues(this, params, tensors) : undefined
    this.paths.clear()
  }

  /** Records into a graph inside the current one what `make` does. Constants that it adopts are not the outer graph's. */
  within<T>(inner: GraphBuilder<TracedOp>, make: () => T): T {
    const { recording, adopted, loop } = this
    this.recording = inner
    this.adopted = new Map(adopted)
    this.loop = undefined
    try {
      return make()
    } finally {
      recording?.after(inner)
      this.recording = recording
      this.adopted = adopted
      this.loop = loop
    }
  }

  write(values: TfTypes.BackendValues, shape: number[], dtype: TfTypes.DataType): DataId {
    const dataId = {}
    this.move(dataId, values, shape, dtype)
    return dataId
  }

  move(dataId: DataId, values: TfTypes.BackendValues, shape: number[], dtype: TfTypes.DataType): void {
    const type = { dtype: known(dtype), shape }
    this.ids.set(dataId, { value: this.graph().constant(type, copied(values, type.dtype)), references: 1 })
  }

  readSync(dataId: DataId): TfTypes.BackendValues {
    const value = this.ids.get(dataId)?.value
    const data = value === undefined ? undefined : this.graph().data(value)
    if (data !== undefined && !(data instanceof BigInt64Array)) return data.slice()
    throw new TraceError(
      "A tensor's values were read while tracing",
      'A model function is traced once for all inputs: express the choice in tensor operations (tf.where, masks).',
      deepStack(),
    )
  }

  async read(dataId: DataId): Promise<TfTypes.BackendValues> {
    return this.readSync(dataId)
  }

  disposeData(dataId: DataId, force = false): boolean {
    const id = this.ids.get(dataId)
    if (id === undefined) return true
    id.references--
    if (id.references > 0 && !force) return false
    this.ids.delete(dataId)
    return true
  }

  refCount(dataId: DataId): number {
    return this.ids.get(dataId)?.references ?? 0
  }

  incRef(dataId: DataId): void {
    const id = this.ids.get(dataId)
    if (id !== undefined) id.references++
  }

  decRef(dataId: DataId): void {
    const id = this.ids.get(dataId)
    if (id !== undefined) id.references--
  }

  numDataIds(): number {
    return this.ids.size
  }

  memory() {
    return { unreliable: true, reasons: ['tracing holds no values'] }
  }

  timerAvailable(): boolean {
    return false
  }

  time(): Promise<never> {
    throw noMemory()
  }

  readToGPU(): never {
    throw noMemory()
  }

  createTensorFromGPUData(): never {
    throw noMemory()
  }

  floatPrecision(): 16 | 32 {
    return 32
  }

  epsilon(): number {
    return 1e-7
  }

  dispose(): void {
    this.ids.clear()
  }
}

function noMemory(): Error {
  return new Error('The trace backend has no memory and no clock: it records operations')
}

function copied(values: TfTypes.BackendValues, dtype: ElementType): ElementData {
  if (Array.isArray(values)) throw new TraceError('Strings cannot be traced', 'Use numbers.', deepStack())
  return elements(dtype, values)
}

function known(dtype: TfTypes.DataType | ElementType): 'float32' | 'int32' | 'bool' {
  if (dtype === 'float32' || dtype === 'int32' || dtype === 'bool') return dtype
  throw new TraceError(`${dtype} tensors cannot be traced`, 'Use float32, int32 or bool.', deepStack())
}

/** The one trace backend of this thread: registered with TF.js at its first use. */
export function traceBackend(): TraceBackend {
  const existing = tf.findBackend(backendName)
  if (existing instanceof TraceBackend) return existing
  const backend = new TraceBackend()
  tf.registerBackend(backendName, () => backend, -1)
  for (const kernel of tracedKernels) register(kernel, recordKernel(kernel))
  register('Identity', shareData)
  for (const [kernel, make] of Object.entries(makers)) register(kernel, recordConstant(make))
  for (const { kernelName } of tf.getKernelsForBackend('cpu')) {
    if (tf.getKernel(kernelName, backendName) === undefined) register(kernelName, refuseKernel(kernelName))
  }
  return backend
}

type KernelFunction = (call: {
  inputs: TensorInfo[] | Record<string, TensorInfo>
  attrs?: RawAttributes
  backend: TraceBackend
}) => TensorInfo | TensorInfo[]

function register(kernelName: string, kernel: KernelFunction): void {
  tf.registerKernel({ kernelName, backendName, kernelFunc: kernel as unknown as TfTypes.KernelFunc })
}

function recordKernel(kernel: TracedKernel): KernelFunction {
  const rule = tracedRule(kernel)
  return ({ inputs, attrs, backend }) => {
    const graph = backend.graph()
    const values = ordered(inputs, rule.inputs).map((info) => backend.idOf(info))
    const inferred = rule.infer(
      values.map((value) => graph.type(value)),
      attrs ?? {},
    )
    const outputs = graph
      .node(kernel, values, inferred.attrs, inferred.outputs)
      .map((value) => backend.tensorInfo(value))
    return outputs.length === 1 && outputs[0] !== undefined && !multiple.has(kernel) ? outputs[0] : outputs
  }
}

/** A clone is the same value. TF.js counts data by itself and takes a clone with data of its own for a leak. */
const shareData: KernelFunction = ({ inputs, backend }) => {
  const [x] = ordered(inputs, ['x'])
  if (x === undefined) throw new RangeError('Identity has one input')
  if (backend.refCount(x.dataId) === 0) return backend.tensorInfo(backend.idOf(x))
  backend.incRef(x.dataId)
  return { dataId: x.dataId, shape: x.shape, dtype: x.dtype }
}

/** Kernels that give an array even when it holds one tensor. */
const multiple: ReadonlySet<TracedKernel> = new Set<TracedKernel>(['SplitV', 'Unpack', 'TopK'])

function ordered(inputs: TensorInfo[] | Record<string, TensorInfo>, names: readonly string[] | 'list'): TensorInfo[] {
  if (names === 'list') return Object.values(inputs)
  const byName = new Map(Object.entries(inputs))
  return names.map((name) => {
    const info = byName.get(name)
    if (info === undefined) throw new RangeError(`The kernel's input "${name}" is missing`)
    return info
  })
}

function recordConstant(make: (like: ValueType | undefined, attrs: RawAttributes) => Made): KernelFunction {
  return ({ inputs, attrs, backend }) => {
    const graph = backend.graph()
    const like = Object.values(inputs)[0]
    const constant = make(like === undefined ? undefined : graph.type(backend.idOf(like)), attrs ?? {})
    return backend.tensorInfo(graph.constant(constant.type, numbersOf(constant)))
  }
}

function numbersOf({ type, first, step }: Made): ElementData {
  if (step === 0) return filled(type, first)
  const count = type.shape[0] ?? 0
  return elements(
    type.dtype,
    Array.from({ length: count }, (_, index) => first + index * step),
  )
}

function refuseKernel(kernel: string): KernelFunction {
  return () => {
    throw new TraceError(
      `The operation ${kernel} cannot be traced`,
      'Express it in other TF.js operations, or add a rule for it to engine/compiled.',
      deepStack(),
    )
  }
}
