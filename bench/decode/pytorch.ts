import { fileURLToPath } from 'node:url'
import { peerPython } from '../step/peers.js'
import { startServer } from './server.js'

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
  const { ask, close } = startServer(python, [fileURLToPath(new URL('../peers/decode_torch.py', import.meta.url))])
  const { torch } = await ask({ sizes })
  return { version: String(torch), seconds: async (asked) => Number((await ask(asked)).seconds), close }
}
