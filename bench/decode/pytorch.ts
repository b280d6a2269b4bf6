import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { peerPython } from '../step/peers.js'

/** A batch that PyTorch is to decode: ids of its sources, how many steps, how wide a beam. */
export interface Asked {
  readonly sources: readonly (readonly number[])[]
  readonly steps: number
  readonly beam: number
}

export interface PyTorch {
  readonly version: string
  seconds(asked: Asked): Promise<number>
  close(): void
}

/** The program of bench/peers/decode_torch.py, where PyTorch is installed. */
export async function openPyTorch(sizes: Readonly<Record<string, number>>): Promise<PyTorch | undefined> {
  const python = peerPython()
  if (python === undefined) return undefined
  const file = fileURLToPath(new URL('../peers/decode_torch.py', import.meta.url))
  const child = spawn(python, [file], { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  const ask = async (line: object): Promise<Record<string, unknown>> => {
    if (!child.stdin.write(`${JSON.stringify(line)}\n`)) await once(child.stdin, 'drain')
    const { value, done } = await lines.next()
    if (done === true) throw new Error('The PyTorch program ended')
    return JSON.parse(value)
  }
  const { torch } = await ask({ sizes })
  return {
    version: String(torch),
    seconds: async (asked) => Number((await ask(asked)).seconds),
    close: () => child.stdin.end(),
  }
}
