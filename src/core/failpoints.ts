// Faults on demand, for the tests of faults alone: SEQLAB_FAILPOINT holds a JSON list of these.

/** Named instants. The first six are the coordinator's, the others a worker's. */
export type FailpointName =
  | 'before-publish-line'
  | 'after-publish-line'
  | 'between-renames'
  | 'after-publish'
  | 'before-evaluated-line'
  | 'after-evaluated-line'
  | 'step'
  | 'before-checkpoint'
  | 'after-checkpoint'
  | 'before-evaluation'
  | 'after-evaluation'

export interface Failpoint {
  readonly at: FailpointName
  /** Only there: a trial's id, an attempt, a step of this attempt; absent: everywhere. */
  readonly trial?: string
  readonly attempt?: number
  readonly step?: number
  readonly do: 'kill' | 'abort' | 'load' | 'hang' | 'throw' | 'reject-late' | 'exit' | 'out-of-memory' | 'full-disk'
  /** For `load`: a shared library whose start-up code crashes, or never ends. */
  readonly library?: string
}

export interface Instant {
  readonly trial?: string
  readonly attempt?: number
  readonly step?: number
}

const planned: readonly Failpoint[] = JSON.parse(process.env.SEQLAB_FAILPOINT ?? '[]')

/** Does nothing unless a fault was planned for this instant. */
export function failpoint(at: FailpointName, instant: Instant): void {
  if (planned.length === 0) return
  const fault = planned.find((point) => point.at === at && matches(point, instant))
  if (fault !== undefined) faults[fault.do](fault)
}

function matches(point: Failpoint, instant: Instant): boolean {
  return (['trial', 'attempt', 'step'] as const).every((key) => point[key] === undefined || point[key] === instant[key])
}

const faults: Readonly<Record<Failpoint['do'], (point: Failpoint) => void>> = {
  kill: () => process.kill(process.pid, 'SIGKILL'),
  // In a worker thread process.abort is refused.
  abort: () => process.kill(process.pid, 'SIGABRT'),
  load: ({ library }) => process.dlopen({ exports: {} }, library ?? ''),
  hang: () => {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
  },
  throw: () => {
    throw new Error('failpoint')
  },
  'reject-late': () => {
    setImmediate(() => void Promise.reject(new Error('failpoint, late')))
  },
  exit: () => process.exit(3),
  'out-of-memory': () => {
    const kept: number[][] = []
    for (;;) kept.push(new Array<number>(1 << 20).fill(kept.length))
  },
  'full-disk': () => {
    throw Object.assign(new Error('failpoint'), { code: 'ENOSPC', path: 'failpoint' })
  },
}
