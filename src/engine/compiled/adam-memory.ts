import type { AdamSettings } from '../fused-adam.js'
import { type Code, type Func, f32x4, i32, local, loop, moduleWithMemory, v128, webAssembly } from './wasm.js'

/** Floats in a vector register. */
const lanes = 4

/** The scalars of one update, worked out for its step. */
interface Coefficients {
  readonly scale: number
  readonly l2: number
  readonly beta1: number
  readonly beta2: number
  readonly rate: number
  readonly epsilon: number
  readonly kept: number
}

const order = ['scale', 'l2', 'beta1', 'beta2', 'rate', 'epsilon', 'kept'] as const

/**
 * Parameters, gradient and both moments of one vector, one behind the other in one memory, and Adam over them in place:
 * a pass of 128-bit instructions in WebAssembly, assembled here. Each vector is padded to whole registers, so that every
 * number goes through the same instructions; the padding stays zero. The memory is garbage once nothing refers to this.
 */
export class AdamMemory {
  readonly parameters: Float32Array
  readonly gradient: Float32Array
  readonly m: Float32Array
  readonly v: Float32Array
  readonly bytes: number
  private readonly stride: number
  private readonly pass: (stride: number, ...coefficients: number[]) => void

  constructor(size: number) {
    this.stride = 4 * lanes * Math.ceil(size / lanes)
    const memory = new webAssembly.Memory({ initial: Math.ceil((4 * this.stride) / 65_536) })
    const vector = (index: number) => new Float32Array(memory.buffer, index * this.stride, size)
    ;[this.parameters, this.gradient, this.m, this.v] = [vector(0), vector(1), vector(2), vector(3)]
    this.bytes = memory.buffer.byteLength
    const { adam } = new webAssembly.Instance(compiled(), { seqlab: { memory } }).exports
    if (adam === undefined) throw new RangeError('The module exports no function adam')
    this.pass = adam
  }

  /** θ, M and V of the next step (engine/fused-adam.ts has the equation) from the gradient that lies here. */
  update(settings: AdamSettings, scale: number, learningRate: number, step: number): void {
    const coefficients = coefficientsOf(settings, scale, learningRate, step)
    this.pass(this.stride, ...order.map((name) => coefficients[name]))
  }
}

function coefficientsOf(
  { beta1, beta2, epsilon, l2, decay }: AdamSettings,
  scale: number,
  learningRate: number,
  step: number,
): Coefficients {
  const root = Math.sqrt((1 - beta2 ** step) / (1 - beta2))
  const rate = ((1 - beta1) / (1 - beta1 ** step)) * learningRate * root
  return { scale, l2, beta1, beta2, rate, epsilon: root * epsilon, kept: 1 - learningRate * decay }
}

let module: object | undefined

function compiled(): object {
  module ??= new webAssembly.Module(moduleWithMemory('seqlab', 'memory', 'adam', adam()))
  return module
}

/** adam(stride: i32, the coefficients: f32), over the vectors θ, g, M, V at 0, stride, 2 stride and 3 stride. */
function adam(): Func {
  const count = order.length
  const stride = local(0)
  const at = local(1 + 2 * count)
  const [g, m, v] = [local(2 + 2 * count), local(3 + 2 * count), local(4 + 2 * count)] as const
  const wide = (name: (typeof order)[number]) => local(1 + count + order.indexOf(name))
  const c = (name: (typeof order)[number]) => wide(name).get
  const vector = (index: number): Code => (index === 0 ? at.get : i32.add(vector(index - 1), stride.get))
  const { add, sub, mul, div, sqrt } = f32x4
  const step = [
    ...g.set(add(mul(v128.load(vector(1)), c('scale')), mul(v128.load(vector(0)), c('l2')))),
    ...m.set(add(mul(v128.load(vector(2)), c('beta1')), g.get)),
    ...v.set(add(mul(v128.load(vector(3)), c('beta2')), mul(g.get, g.get))),
    ...v128.store(vector(2), m.get),
    ...v128.store(vector(3), v.get),
    ...v128.store(
      vector(0),
      sub(mul(v128.load(vector(0)), c('kept')), div(mul(m.get, c('rate')), add(sqrt(v.get), c('epsilon')))),
    ),
    ...at.set(i32.add(at.get, i32.constant(4 * lanes))),
  ]
  return {
    parameters: [
      ['i32', 1],
      ['f32', count],
    ],
    locals: [
      ['v128', count],
      ['i32', 1],
      ['v128', 3],
    ],
    body: [
      ...order.flatMap((name, index) => wide(name).set(f32x4.splat(local(1 + index).get))),
      ...loop(step, i32.less(at.get, stride.get)),
    ],
  }
}
