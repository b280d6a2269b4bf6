// The batches of a study that its coordinator looks at, those of earlier coordinators among them.
import { batchNames, type StoredBatch } from '../../../store/index.js'
import type { TrialJob } from '../../messages.js'
import { awaitJob, type Batch, batchOf, type Element, isAwaited, nameOf, readTask } from './batch.js'
import { wasTaken } from './submission.js'

/** Batches by what is to be done about them. */
export class OpenBatches {
  private readonly batches: Batch[]
  /** Jobs of earlier coordinators, by trial and attempt. */
  private readonly handedOver = new Map<string, Element>()
  /** Batches that this coordinator has waited for: Slurm may still have the others, which nobody wants (`--fresh`). */
  private readonly awaitedOnce = new Set<string>()

  constructor(stored: readonly StoredBatch[]) {
    this.batches = stored.map((each) =>
      batchOf(each, wasTaken(each) ? { kind: 'taken' } : { kind: 'unknown', sinceMs: performance.now() }),
    )
    for (const element of this.batches.flatMap(({ elements }) => elements)) {
      for (const attempt of element.batch.stored.file.elements[element.index] ?? [])
        this.handedOver.set(keyOf(attempt), element)
    }
  }

  /** Waits from now on for an attempt that an earlier coordinator submitted; undefined where none did. */
  adopt(trialId: string, attempt: number): TrialJob | undefined {
    const element = this.handedOver.get(keyOf({ trialId, attempt }))
    if (element === undefined) return undefined
    const { jobs } = readTask(element.batch, element.index)
    const found = jobs.find(({ job }) => job.trialId === trialId && job.attempt === attempt)
    if (found === undefined) return undefined
    awaitJob(element, found.job)
    this.awaitedOnce.add(nameOf(element.batch))
    return found.job
  }

  /** Adds a batch of this coordinator's own. */
  add(batch: Batch): void {
    this.batches.push(batch)
    this.awaitedOnce.add(nameOf(batch))
  }

  remove(batch: Batch): void {
    this.batches.splice(this.batches.indexOf(batch), 1)
  }

  /** Those with attempts that are still to end. */
  live(): readonly Batch[] {
    return this.batches.filter(isAwaited)
  }

  /** Those without. */
  settled(): readonly Batch[] {
    return this.batches.filter((batch) => !isAwaited(batch))
  }

  /** Jobs of arrays with attempts that are still to end. */
  awaited(): readonly Element[] {
    return this.batches.flatMap(({ elements }) => elements).filter(({ awaited }) => awaited.size > 0)
  }

  wasAwaited(batch: Batch): boolean {
    return this.awaitedOnce.has(nameOf(batch))
  }
}

export function namesOf(batches: readonly Batch[]): readonly string[] {
  return batches.map(nameOf)
}

/** Files of a batch; none where somebody removed the folder: then no result comes from it. */
export function namesIn({ stored }: Batch): ReadonlySet<string> {
  try {
    return batchNames(stored)
  } catch {
    return new Set()
  }
}

function keyOf({ trialId, attempt }: { readonly trialId: string; readonly attempt: number }): string {
  return `${trialId}.${attempt}`
}
