import { add, mul, sub } from '../../core/ops.js'
import type { Tensor2D } from '../../core/tf.js'
import { times } from '../axes.js'
import { glorot, orthogonal, zeroBias } from '../parameters.js'
import type { CellSizes } from './types.js'

/** kernel [I, gates*H] (Glorot), recurrentKernel [H, gates*H] (each gate orthogonal), bias [gates*H] (zeros). */
export function gateParameters({ input, hidden }: CellSizes, gates: number) {
  const allGates = times(gates, hidden)
  return {
    kernel: glorot([input, allGates], { blocks: gates }),
    recurrentKernel: orthogonal([hidden, allGates], { blocks: gates }),
    bias: zeroBias(allGates),
  }
}

/** kernel [I, gates*H] (Glorot) and bias [gates*H] (zeros) of a cell whose gates see the input alone. */
export function gatesOfInput({ input, hidden }: CellSizes, gates: number) {
  const allGates = times(gates, hidden)
  return { kernel: glorot([input, allGates], { blocks: gates }), bias: zeroBias(allGates) }
}

/** Symbols of a cell whose every gate is φ(x W_gate + b_gate), and whose state is h. */
export function gatesOfInputSymbols(gates: readonly string[]): Record<string, readonly string[]> {
  const recurrent = gates.map((gate) => `U_${gate}`)
  return Object.fromEntries(Object.entries(gateSymbols(gates)).filter(([symbol]) => !recurrent.includes(symbol)))
}

/** Symbols of a cell whose every gate is φ(x W_gate + h U_gate + b_gate), and whose state is h. */
export function gateSymbols(gates: readonly string[]): Record<string, readonly string[]> {
  const ofGate = (gate: string): Record<string, readonly string[]> => ({
    [gate]: ['H'],
    [`W_${gate}`]: ['I', 'H'],
    [`U_${gate}`]: ['H', 'H'],
    [`b_${gate}`]: ['H'],
  })
  return Object.assign({ x: ['I'], h: ['H'], "h'": ['H'] }, ...gates.map(ofGate))
}

/** What gru's update gate makes: h' = n + z (h − n), with the difference h − n. */
export function update(h: Tensor2D, z: Tensor2D, n: Tensor2D) {
  const difference = sub(h, n)
  return { next: add(n, mul(z, difference)), difference }
}
