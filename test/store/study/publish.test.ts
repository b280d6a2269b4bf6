import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { trialDirectory } from '../../../src/store/layout.js'
import { historyByTrial, type LedgerEntry } from '../../../src/store/study/ledger.js'
import type { OpenStudy } from '../../../src/store/study/open.js'
import { publish, recover } from '../../../src/store/study/publish.js'
import { createAttempt } from '../../../src/store/trial/attempt.js'
import { madeUpTrial } from '../../report/made-up.js'

let directory = ''
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'seqlab-publish-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const { record } = madeUpTrial({ examples: 4, steps: 100, label: 'one' })
const about = { trialId: record.trialId, attempt: 1 }

/** An open study whose ledger does what `append` says. */
function studyWith(append: (entry: LedgerEntry) => void, entries: readonly LedgerEntry[] = []): OpenStudy {
  return {
    directory,
    file: { schemaVersion: 2, study: 's', trials: [], earlier: [], settings: {}, claims: [], versions: {}, mixed: [] },
    ledger: { append, close: () => {} },
    history: historyByTrial(entries),
    lock: { check: () => {}, release: () => {} },
    added: new Set(),
    rebuilt: false,
    close: () => {},
  }
}

it('says in the ledger what it publishes before it does', async () => {
  createAttempt(directory, about, 'task: transduce\n')
  const published: boolean[] = []
  const study = studyWith(() => published.push(existsSync(trialDirectory(directory, about.trialId))))
  await publish(study, about, record, {})
  expect(published).toEqual([false])
  expect(existsSync(trialDirectory(directory, about.trialId))).toBe(true)
})

it('finishes what the ledger had decided when a run ended', async () => {
  createAttempt(directory, about, 'task: transduce\n')
  const entries: LedgerEntry[] = []
  const interrupted = studyWith((entry) => {
    entries.push(entry)
    throw new Error('interrupted')
  })
  await expect(publish(interrupted, about, record, {})).rejects.toThrow('interrupted')
  const untold = await recover(
    studyWith(() => {}),
    about.trialId,
  )
  expect(untold).toEqual({ problems: [] })
  const told = await recover(
    studyWith(() => {}, entries),
    about.trialId,
  )
  expect(told.problems).toEqual([])
  expect(told.record).toEqual(record)
})
