// A place for one job at a time: a host process of its own, which stays for the next job, so that its data and compiled
// graphs serve that too.
import { availableParallelism } from 'node:os'
import { ownFiles } from '../../../../spec/own/given.js'
import type { OwnFile } from '../../../../spec/own/types.js'
import { engineChoice } from '../../../agents/engine-choice.js'
import { createFleet, type HostFleet } from '../../../agents/fleet.js'
import { startHost } from '../../../agents/start-host.js'
import type { Limits } from '../../../limits.js'
import type { EngineRequest, TrialJob, WorkerEvent } from '../../../messages.js'
import type { Ended } from '../collection.js'

export interface SlotJob {
  readonly job: TrialJob
  readonly engine: EngineRequest
  /** Of this machine, named as the coordinator names them. */
  readonly parts: readonly OwnFile[]
  readonly limits: Limits
}

export interface Slot {
  /** Resolves once the attempt has ended, however that was. */
  run(job: SlotJob, onEvent: (event: WorkerEvent) => void): Promise<Ended>
  /** The running attempt saves and stops. */
  stop(): void
  /** Ends the running attempt's process at once. */
  kill(): void
  close(): Promise<void>
}

export function createSlot(warn: (message: string) => void): Slot {
  let fleet: HostFleet | undefined
  let fleetKey = ''
  let onEvent: (event: WorkerEvent) => void = () => {}
  let finish: (ended: Ended) => void = () => {}
  let spoilt = false

  const open = ({ engine, parts, limits }: SlotJob): HostFleet =>
    createFleet(
      {
        ...{ workers: 1, isolation: 'process' as const, parts, limits, startHost },
        engine: engineChoice(engine, availableParallelism(), warn),
      },
      {
        onEvent: (_, event) => onEvent(event),
        onEnd: (_, outcome) => finish({ kind: 'outcome', outcome }),
        onFailure: (_, failure) => finish({ kind: 'failure', failure }),
        onWarning: warn,
      },
    )

  const close = async (): Promise<void> => {
    const old = fleet
    fleet = undefined
    old?.kill()
    await old?.close()
  }

  return {
    run: async (slotJob, listener) => {
      const key = JSON.stringify([
        slotJob.engine,
        slotJob.parts.map(({ file, digest }) => [file, digest]),
        slotJob.limits,
      ])
      if (spoilt || key !== fleetKey) await close()
      fleet ??= open(slotJob)
      spoilt = false
      fleetKey = key
      onEvent = listener
      const ended = new Promise<Ended>((resolve) => {
        finish = resolve
      })
      fleet.assign(slotJob.job, false)
      return ended
    },
    stop: () => {
      // A fleet that was asked to stop kills what it runs later.
      spoilt = true
      fleet?.stop()
    },
    kill: () => {
      spoilt = true
      fleet?.kill()
    },
    close,
  }
}

/** This worker's own parts for a job, under the job's names for them; the first one that it lacks otherwise. */
export function partsFor(
  wanted: readonly { readonly file: string; readonly digest: string }[],
): { readonly parts: readonly OwnFile[] } | { readonly missing: string } {
  const parts: OwnFile[] = []
  for (const { file, digest } of wanted) {
    const own = ownFiles().find((known) => known.digest === digest)
    if (own === undefined) return { missing: file }
    parts.push({ ...own, file })
  }
  return { parts }
}
