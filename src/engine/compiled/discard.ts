import { MessageChannel } from 'node:worker_threads'

// What is posted to a closed port is moved out of its arrays and goes nowhere: its memory is free at once.
const { port1: nowhere, port2 } = new MessageChannel()
nowhere.close()
port2.close()

/**
 * Frees arrays that nobody will read. ONNX Runtime's binding copies every output that it wrote into memory of ours once
 * more, into a new array: left to the garbage collector, a step's copies of parameters and moments would fill the caches
 * and have it run, on other cores too, every few dozen steps.
 */
export function discard(arrays: readonly (Float32Array | Int32Array)[]): void {
  nowhere.postMessage(
    null,
    arrays.map(({ buffer }) => buffer as ArrayBuffer),
  )
}
