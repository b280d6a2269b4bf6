import { countOf, type Value } from '../tensor.js'
import { input, type Operator } from './operator.js'
import { matrixAt, multiply } from './products.js'

/** One step of one row, with H units. */
interface Step {
  /** Places in both begin at 0: W x + its bias, and R h + its bias, of each gate. The first is left with the gates. */
  readonly gates: Float64Array
  readonly product: Float64Array
  /** What is read and written. */
  readonly h: Float64Array
  readonly c: Float64Array
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x))

/** ONNX's GRU with linear_before_reset, gates z, r, n. */
function gru({ gates, product, h }: Step): void {
  const width = h.length
  for (let unit = 0; unit < width; unit++) {
    const [second, third] = [width + unit, 2 * width + unit]
    const z = sigmoid((gates[unit] ?? 0) + (product[unit] ?? 0))
    const r = sigmoid((gates[second] ?? 0) + (product[second] ?? 0))
    const n = Math.tanh((gates[third] ?? 0) + r * (product[third] ?? 0))
    h[unit] = (1 - z) * n + z * (h[unit] ?? 0)
    gates[unit] = z
    gates[second] = r
    gates[third] = n
  }
}

/** ONNX's LSTM, gates i, o, f, g. */
function lstm({ gates, product, h, c }: Step): void {
  const width = h.length
  for (let place = 0; place < gates.length; place++) {
    const sum = (gates[place] ?? 0) + (product[place] ?? 0)
    gates[place] = place < 3 * width ? sigmoid(sum) : Math.tanh(sum)
  }
  for (let unit = 0; unit < width; unit++) {
    const gate = (place: number) => gates[place * width + unit] ?? 0
    const after = gate(2) * (c[unit] ?? 0) + gate(0) * gate(3)
    c[unit] = after
    h[unit] = gate(1) * Math.tanh(after)
  }
}

/** ONNX's RNN: tanh. */
function rnn({ gates, product, h }: Step): void {
  for (let unit = 0; unit < h.length; unit++) h[unit] = Math.tanh((gates[unit] ?? 0) + (product[unit] ?? 0))
}

/**
 * X [S,B,I], W [1,G,I], R [1,G,H], B [1,2G], lengths [B], initial states [1,B,H] -> Y [S,1,B,H], 0 beyond a row's end,
 * and the last states [1,B,H]; a row is read from its last step on where the direction is reverse. Of each step the states and
 * then the gates are reported.
 */
function layer(take: (step: Step) => void, states: number): Operator {
  return (inputs, { direction }, report) => {
    const [x, w, r] = [input(inputs), input(inputs, 1), input(inputs, 2)]
    const [biases, lengths] = [input(inputs, 3).data, input(inputs, 4).data]
    const [steps = 0, batch = 0, width = 0] = x.shape
    const [, size = 0, hidden = 0] = r.shape
    const outputs = new Float32Array(steps * batch * hidden)
    const last = Array.from({ length: states }, () => new Float32Array(batch * hidden))
    const projected = new Float64Array(steps * batch * size)
    for (let row = 0; row < steps * batch; row++) projected.set(biases.subarray(0, size), row * size)
    multiply(projected, 0, [steps * batch, width, size], matrixAt(x), matrixAt(w, 0, true))
    const product = new Float64Array(size)
    const parts = report === undefined ? 0 : states + size / hidden
    const seen = Array.from({ length: parts }, () => new Float32Array(outputs.length))
    for (let row = 0; row < batch; row++) {
      const [h, c] = [rowOf(inputs[5], row, hidden), rowOf(inputs[6], row, hidden)]
      const length = lengths[row] ?? 0
      for (let n = 0; n < length; n++) {
        const step = direction === 'reverse' ? length - 1 - n : n
        const place = step * batch + row
        const gates = projected.subarray(place * size, (place + 1) * size)
        product.set(biases.subarray(size))
        multiply(product, 0, [1, hidden, size], { ...matrixAt(r), data: h }, matrixAt(r, 0, true))
        take({ gates, product, h, c })
        outputs.set(h, place * hidden)
        seen.forEach((series, part) => {
          const gate = (part - states) * hidden
          series.set(part < states ? (part === 0 ? h : c) : gates.subarray(gate, gate + hidden), place * hidden)
        })
      }
      if (length === 0) continue
      last.forEach((each, state) => {
        each.set(state === 0 ? h : c, row * hidden)
      })
    }
    const [shape, length] = [[1, batch, hidden], batch * hidden]
    for (let step = 0; step < steps; step++) {
      const vectors = seen.map((series) => series.subarray(step * length, (step + 1) * length))
      report?.(
        vectors.map((data) => ({ shape: [batch, hidden], data })),
        step,
      )
    }
    return [{ shape: [steps, ...shape], data: outputs }, ...last.map((data) => ({ shape, data }))]
  }
}

/** A row of an initial state [1,B,H]; zeros where there is none. */
function rowOf(state: Value | undefined, row: number, hidden: number): Float64Array {
  if (state === undefined || countOf(state.shape) === 0) return new Float64Array(hidden)
  return Float64Array.from(state.data.subarray(row * hidden, (row + 1) * hidden))
}

/** Layers of the encoder as ONNX's operators for them (github.com/onnx/onnx, docs/Operators.md). */
export const layers: Readonly<Record<string, Operator>> = {
  GRU: layer(gru, 1),
  LSTM: layer(lstm, 2),
  RNN: layer(rnn, 1),
}
