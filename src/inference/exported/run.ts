import type { RunPure } from '../../decode/types.js'
import { openFlexible } from '../../engine/compiled/flexible-session.js'
import { type Ports, runFunctions } from '../../playground/functions.js'

/** What is needed of an exported function to run it. */
export interface Runnable extends Ports {
  /** The ONNX model, or the file that it is in. */
  readonly model: Uint8Array | string
}

/** Runs a model's exported functions by name, on ONNX Runtime. */
export function runExported(functions: ReadonlyMap<string, Runnable>): {
  readonly run: RunPure
  dispose(): Promise<void>
} {
  return runFunctions(functions, (name, { model }) => openFlexible(name, model))
}
