import { readFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'

/** Measured by the clock, and the share of the machine's processor time that other processes took meanwhile. */
export interface Watched<T> {
  readonly value: T
  readonly othersShare: number
}

/** Reports the load of other processes. On systems other than Linux only this process counts as ours. */
export async function watchOthers<T>(work: () => Promise<T>): Promise<Watched<T>> {
  const [busy, ours, began] = [busyMs(), oursMs(), performance.now()]
  const value = await work()
  const capacityMs = availableParallelism() * (performance.now() - began)
  return { value, othersShare: Math.max(0, busyMs() - busy - (oursMs() - ours)) / capacityMs }
}

function busyMs(): number {
  return cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0)
}

/** This process and its children that have ended: fields 14 to 17 of proc(5)'s stat, in hundredths of a second. */
function oursMs(): number {
  try {
    const stat = readFileSync('/proc/self/stat', 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields.slice(11, 15).reduce((sum, ticks) => sum + 10 * Number(ticks), 0)
  } catch {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1000
  }
}
