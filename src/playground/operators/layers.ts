import { countOf, type Numbers, type Value } from '../tensor.js'
import { input, type Operator } from './operator.js'

/** One step of one row. */
interface Step {
  /** Places in `projected` and `product` begin at 0: W x + its bias, and R h + its bias, of each gate. */
  readonly projected: Float64Array
  readonly product: Float64Array
  /** What is read and written. */
  readonly h: Float64Array
  readonly c: Float64Array
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x))

/** ONNX's GRU with linear_before_reset, gates z, r, n. */
function gru({ projected, product, h }: Step): void {
  const [at, width] = [(place: number) => projected[place] ?? 0, h.length]
  const recurrent = (place: number) => product[place] ?? 0
  h.forEach((before, unit) => {
    const [second, third] = [width + unit, 2 * width + unit]
    const z = sigmoid(at(unit) + recurrent(unit))
    const r = sigmoid(at(second) + recurrent(second))
    const n = Math.tanh(at(third) + r * recurrent(third))
    h[unit] = (1 - z) * n + z * before
  })
}

/** ONNX's LSTM, gates i, o, f, g. */
function lstm({ projected, product, h, c }: Step): void {
  const width = h.length
  c.forEach((before, unit) => {
    const gate = (place: number) => (projected[place * width + unit] ?? 0) + (product[place * width + unit] ?? 0)
    const after = sigmoid(gate(2)) * before + sigmoid(gate(0)) * Math.tanh(gate(3))
    c[unit] = after
    h[unit] = sigmoid(gate(1)) * Math.tanh(after)
  })
}

/** ONNX's RNN: tanh. */
function rnn({ projected, product, h }: Step): void {
  for (let unit = 0; unit < h.length; unit++) h[unit] = Math.tanh((projected[unit] ?? 0) + (product[unit] ?? 0))
}

/**
 * X [S,B,I], W [1,G,I], R [1,G,H], B [1,2G], lengths [B], initial states [1,B,H] -> Y [S,1,B,H], 0 beyond a row's end,
 * and the last states [1,B,H]; a row is read from its last step on where the direction is reverse.
 */
function layer(take: (step: Step) => void, states: number): Operator {
  return (inputs, { direction }) => {
    const [x, w, r] = [input(inputs), input(inputs, 1), input(inputs, 2)]
    const [biases, lengths] = [input(inputs, 3).data, input(inputs, 4).data]
    const [steps = 0, batch = 0, width = 0] = x.shape
    const [, gates = 0, hidden = 0] = r.shape
    const outputs = new Float32Array(steps * batch * hidden)
    const last = Array.from({ length: states }, () => new Float32Array(batch * hidden))
    const [projected, product] = [new Float64Array(gates), new Float64Array(gates)]
    for (let row = 0; row < batch; row++) {
      const own = Array.from({ length: 2 }, (_, state) => rowOf(inputs[5 + state], row, hidden))
      const [h = new Float64Array(hidden), c = new Float64Array(hidden)] = own
      const length = lengths[row] ?? 0
      for (let n = 0; n < length; n++) {
        const place = (direction === 'reverse' ? length - 1 - n : n) * batch + row
        multiply(projected, w.data, x.data.subarray(place * width, (place + 1) * width), biases.subarray(0, gates))
        multiply(product, r.data, h, biases.subarray(gates))
        take({ projected, product, h, c })
        outputs.set(h, place * hidden)
      }
      if (length === 0) continue
      last.forEach((each, state) => {
        each.set(state === 0 ? h : c, row * hidden)
      })
    }
    const shape = [1, batch, hidden]
    return [{ shape: [steps, ...shape], data: outputs }, ...last.map((data) => ({ shape, data }))]
  }
}

/** A row of an initial state [1,B,H]; zeros where there is none. */
function rowOf(state: Value | undefined, row: number, hidden: number): Float64Array {
  if (state === undefined || countOf(state.shape) === 0) return new Float64Array(hidden)
  return Float64Array.from(state.data.subarray(row * hidden, (row + 1) * hidden))
}

/** out = a v + b, with a [out, v]. */
function multiply(out: Float64Array, a: Numbers, v: Numbers | Float64Array, b: Numbers): void {
  for (let row = 0; row < out.length; row++) {
    let sum = b[row] ?? 0
    const from = row * v.length
    for (let k = 0; k < v.length; k++) sum += (a[from + k] ?? 0) * (v[k] ?? 0)
    out[row] = sum
  }
}

/** Layers of the encoder as ONNX's operators for them (github.com/onnx/onnx, docs/Operators.md). */
export const layers: Readonly<Record<string, Operator>> = {
  GRU: layer(gru, 1),
  LSTM: layer(lstm, 2),
  RNN: layer(rnn, 1),
}
