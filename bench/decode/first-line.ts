import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { performance } from 'node:perf_hooks'

/** Seconds from the start of `seqlab predict` to its first line. */
export async function firstLine(program: string, model: string, source: string): Promise<number> {
  const started = performance.now()
  const child = spawn(process.execPath, [program, 'predict', model], { stdio: ['pipe', 'pipe', 'inherit'] })
  child.stdin.end(`${source}\n`)
  await once(child.stdout, 'data')
  const seconds = (performance.now() - started) / 1000
  await once(child, 'close')
  return seconds
}
