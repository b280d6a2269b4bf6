import type { Value } from '../tensor.js'

/** Numbers, texts and lists of numbers by name, as the model has them. */
export type Attributes = Readonly<Record<string, number | string | readonly number[]>>

/** One ONNX operator (opset 18): the outputs of these inputs. A layer reports what each step has computed, in its own order. */
export type Operator = (inputs: readonly Value[], attributes: Attributes, report?: StepReport) => readonly Value[]

/** [B,H] each. */
export type StepReport = (values: readonly Value[], step: number) => void

export function input(inputs: readonly Value[], index = 0): Value {
  const value = inputs[index]
  if (value === undefined) throw new RangeError(`An operator has no input ${index}`)
  return value
}

export function numberIn(attributes: Attributes, name: string, otherwise: number): number {
  const value = attributes[name]
  return typeof value === 'number' ? value : otherwise
}

/** An input of whole numbers. */
export function listOf(value: Value | undefined): number[] {
  return value === undefined ? [] : [...value.data]
}
