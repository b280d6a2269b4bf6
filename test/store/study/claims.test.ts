import { expect, test } from 'vitest'
import type { Claim } from '../../../src/spec/types.js'
import { claimDigest, claimsEntry, registrations } from '../../../src/store/study/claims.js'
import type { LedgerEntry } from '../../../src/store/study/ledger.js'

const claim: Claim = { left: 'gru', right: 'elman', metric: 'per', relation: 'better' }
const changed: Claim = { ...claim, relation: 'worse' }

const started = (trialId: string, attempt = 1): LedgerEntry => ({ kind: 'started', trialId, attempt })
const published = (trialId: string): LedgerEntry => ({ kind: 'publish', trialId, attempt: 1, manifest: 'ab' })

test('a claim is what it says, in whatever order', () => {
  expect(claimDigest({ relation: 'better', metric: 'per', right: 'elman', left: 'gru' })).toBe(claimDigest(claim))
  expect(claimDigest({ ...claim, spread: 0.1 })).toBe(claimDigest(claim))
  for (const other of [changed, { ...claim, effect: 0.01 }, { ...claim, left: { 'model.encoder.cell': 'gru' } }]) {
    expect(claimDigest(other)).not.toBe(claimDigest(claim))
  }
})

test('only claims that the ledger does not have are written', () => {
  const first = claimsEntry([claim, claim], [])
  expect(first).toEqual({ kind: 'claims', digests: [claimDigest(claim)] })
  const entries: LedgerEntry[] = first === undefined ? [] : [first]
  expect(claimsEntry([claim], entries)).toBeUndefined()
  expect(claimsEntry([], entries)).toBeUndefined()
  expect(claimsEntry([claim, changed], entries)).toEqual({ kind: 'claims', digests: [claimDigest(changed)] })
})

test('counts the trials, not their attempts, that were there before a claim', () => {
  const said = (...claims: Claim[]): LedgerEntry => ({ kind: 'claims', digests: claims.map(claimDigest) })
  const late: Claim = { ...claim, margin: 0.1 }
  const found = registrations([
    said(claim),
    started('a'),
    started('a', 2),
    said(claim, changed),
    published('a'),
    started('b'),
    said(late),
  ])
  expect(found.get(claimDigest(claim))).toEqual({ started: 0, finished: 0 })
  expect(found.get(claimDigest(changed))).toEqual({ started: 1, finished: 0 })
  expect(found.get(claimDigest(late))).toEqual({ started: 2, finished: 1 })
  expect(found.get('none')).toBeUndefined()
})
