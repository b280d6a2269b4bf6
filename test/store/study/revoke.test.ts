import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createAttempt, type LockedStudy, lockStudy, revokeAttempt } from '../../../src/store/index.js'
import { revokedReasons } from '../../../src/store/study/revoke.js'

let directory: string
let study: LockedStudy
beforeEach(async () => {
  directory = join(mkdtempSync(join(tmpdir(), 'revoke-')), 'study')
  mkdirSync(directory)
  study = await lockStudy(directory, 'test')
})
afterEach(() => study.close())

const begin = (trialId: string, attempt: number) => {
  study.ledger.append({ kind: 'started', trialId, attempt })
  return createAttempt(directory, { trialId, attempt }, 'task: tag\n')
}

test('an attempt that had not begun leaves nothing, and its reason is known', () => {
  const folder = begin('aaaa', 1)
  revokeAttempt(study, { trialId: 'aaaa', attempt: 1 }, 'Slurm refused the jobs')
  expect(existsSync(folder)).toBe(false)
  expect(existsSync(join(directory, 'attempts', 'aaaa'))).toBe(false)
  expect(revokedReasons(directory)).toEqual(new Map([['aaaa', 'Slurm refused the jobs']]))
})

test('an attempt that has written something stays, and so does an earlier one', () => {
  const first = begin('aaaa', 1)
  writeFileSync(join(first, 'metrics.jsonl'), '')
  revokeAttempt(study, { trialId: 'aaaa', attempt: 1 }, 'its job was cancelled')
  expect(existsSync(join(first, 'spec.yaml'))).toBe(true)
  const second = begin('aaaa', 2)
  revokeAttempt(study, { trialId: 'aaaa', attempt: 2 }, 'it was taken back from the queue')
  expect([existsSync(first), existsSync(second)]).toEqual([true, false])
})

test('a reason is that of the last attempt alone', () => {
  begin('aaaa', 1)
  revokeAttempt(study, { trialId: 'aaaa', attempt: 1 }, 'its worker was lost')
  begin('aaaa', 2)
  expect(revokedReasons(directory)).toEqual(new Map())
  revokeAttempt(study, { trialId: 'aaaa', attempt: 2 }, 'it was cancelled')
  study.ledger.append({ kind: 'discarded', trialId: 'aaaa', reason: 'run afresh' })
  expect(revokedReasons(directory)).toEqual(new Map())
})
