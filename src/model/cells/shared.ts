import type { Tree } from '../../core/tree.js'
import type { CellSizes, ParameterSpec } from '../types.js'

/** kernel [I, gates*H] (Glorot), recurrentKernel [H, gates*H] (orthogonal a gate), bias [gates*H] (zeros). */
export function gateParameters({ input, hidden }: CellSizes, gates: number) {
  return {
    kernel: { shape: [input, gates * hidden], init: { type: 'glorot', blocks: gates }, decay: true },
    recurrentKernel: { shape: [hidden, gates * hidden], init: { type: 'orthogonal', blocks: gates }, decay: true },
    bias: { shape: [gates * hidden], init: { type: 'zeros' }, decay: false },
  } satisfies Tree<ParameterSpec>
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
