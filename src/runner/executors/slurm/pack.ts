/** A job and the milliseconds that it is planned to take on one core. */
export interface PlannedJob {
  readonly ms: number
}

export interface Packing {
  readonly pack: number | 'auto'
  readonly cores: number
  readonly atOnce: number | undefined
}

const minute = 60_000
/** What schedulers like best: shorter jobs cost them more than they compute, longer ones wait longer. */
const shortestMs = 15 * minute
const longestMs = 60 * minute

/**
 * Jobs into tasks of an array, in their order. `auto`: each task takes at least 15 minutes, and up to 60 where there are more
 * than run at once; it has at least as many jobs as cores, and no more than one of its cores computes within that time.
 */
export function packed<Job extends PlannedJob>(jobs: readonly Job[], packing: Packing): readonly (readonly Job[])[] {
  const { pack, cores } = packing
  if (pack !== 'auto') return inPieces(jobs, pack)
  const total = jobs.reduce((sum, { ms }) => sum + ms, 0) / cores
  const aim = Math.min(longestMs, Math.max(shortestMs, total / (packing.atOnce ?? Number.POSITIVE_INFINITY)))
  const tasks: Job[][] = []
  let task: Job[] = []
  let ms = 0
  for (const job of jobs) {
    if (task.length >= cores && (ms + job.ms) / cores > aim) {
      tasks.push(task)
      task = []
      ms = 0
    }
    task.push(job)
    ms += job.ms
  }
  return task.length === 0 ? tasks : [...tasks, task]
}

/** A list cut into pieces of at most `size`. */
export function inPieces<Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size))
}

/** What a plan is expected to take of a cluster. */
export interface Expected {
  readonly jobs: number
  readonly coreHours: number
}

/** A job holds its cores until its longest trial ends. */
export function expectedOf(jobs: readonly PlannedJob[], packing: Packing): Expected {
  const tasks = packed(jobs, packing)
  const held = tasks.map((task) => {
    const sum = task.reduce((all, { ms }) => all + ms, 0)
    return packing.cores * Math.max(sum / packing.cores, ...task.map(({ ms }) => ms))
  })
  return { jobs: tasks.length, coreHours: held.reduce((sum, ms) => sum + ms, 0) / (60 * minute) }
}
