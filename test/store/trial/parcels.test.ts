import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { runPlan } from '../../../src/runner/coordinator/run-plan.js'
import { localExecutor } from '../../../src/runner/executors/local.js'
import type { Executor } from '../../../src/runner/executors/types.js'
import { createStopSignal } from '../../../src/runner/stop.js'
import { listFiles } from '../../../src/store/files.js'
import { isWrittenByAttempt, type Parcel, resultParcel, resumeParcel, savedParcel } from '../../../src/store/index.js'
import { runOptions, tinyPlan } from '../../runner/support/plan.js'

const outDir = mkdtempSync(join(tmpdir(), 'parcels-'))
afterAll(() => rmSync(outDir, { recursive: true }))

test('all that an attempt writes is taken from another machine, and a checkpoint with all that it needs', async () => {
  const plan = await tinyPlan('parcels', {
    seeds: 1,
    steps: 4,
    every: 2,
    decodes: [undefined, { type: 'beam', width: 2 }],
  })
  const seen: {
    readonly names: readonly string[]
    readonly result: Parcel
    readonly saved: Parcel | undefined
    readonly resumes: boolean
  }[] = []
  const looks: Promise<void>[] = []
  const executor: Executor = {
    open: (study, settings, callbacks) =>
      localExecutor.open(study, settings, {
        ...callbacks,
        // What is there is looked at before the attempt is published.
        onEnd: (job, outcome) => {
          const look = async () => {
            const [result, saved] = [await resultParcel(job.directory), await savedParcel(job.directory)]
            const { parcel } = await resumeParcel([job.directory])
            seen.push({ names: await listFiles(job.directory), result, saved, resumes: parcel !== undefined })
            callbacks.onEnd(job, outcome)
          }
          looks.push(look())
        },
      }),
  }
  const { status } = await runPlan(plan, runOptions(outDir), () => {}, createStopSignal(), { executor })
  await Promise.all(looks)
  expect(status).toBe('completed')
  expect(seen).toHaveLength(2)
  for (const { names, result } of seen) {
    const written = names.filter((name) => name !== 'spec.yaml')
    expect(written.length).toBeGreaterThan(0)
    expect(Object.keys(result.files).sort()).toEqual(written)
    expect(written.filter((name) => !isWrittenByAttempt(name))).toEqual([])
  }
  const [training] = seen
  expect(training?.resumes).toBe(true)
  expect(Object.keys(training?.saved?.files ?? {})).toEqual(
    training?.names.filter((name) => /^(?:checkpoint\/|metrics\.jsonl$|samples\.jsonl$)/.test(name)),
  )
})

test.each([
  'record.json',
  'manifest.json',
  'spec.yaml',
  'report.html',
  '../metrics.jsonl',
  'model/../../x',
  'evaluations/other/predictions.jsonl',
])('%s is not', (name) => {
  expect(isWrittenByAttempt(name)).toBe(false)
})
