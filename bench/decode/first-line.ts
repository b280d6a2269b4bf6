import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { performance } from 'node:perf_hooks'

/** What `seqlab predict` takes from its start to its first line: by the clock, and where the system tells it, of the processor. */
export async function firstLine(program: string, model: string, source: string) {
  const started = performance.now()
  const child = spawn(process.execPath, [program, 'predict', model], { stdio: ['pipe', 'pipe', 'inherit'] })
  child.stdin.end(`${source}\n`)
  await once(child.stdout, 'data')
  const seconds = (performance.now() - started) / 1000
  const processor = processorSeconds(child.pid)
  await once(child, 'close')
  return { seconds, processor }
}

/** utime and stime of a running process in hundredths of a second: Linux alone has them in a file. */
function processorSeconds(pid: number | undefined): number {
  const file = `/proc/${pid}/stat`
  if (!existsSync(file)) return Number.NaN
  const [user, system] = readFileSync(file, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
    .slice(11, 13)
  return (Number(user) + Number(system)) / 100
}
