import { cpus, platform, totalmem } from 'node:os'

/** Processor, cores, memory and operating system of this machine. */
export function thisMachine(): string {
  const all = cpus()
  const gibibytes = Math.round(totalmem() / 2 ** 30)
  return `${all[0]?.model.trim() ?? 'unknown processor'} × ${all.length}, ${gibibytes} GiB, ${platform()}`
}
