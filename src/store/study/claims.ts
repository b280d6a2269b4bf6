import { canonicalJson } from '../../core/canonical-json.js'
import { sha256 } from '../../core/hash.js'
import type { Claim } from '../../spec/types.js'
import type { LedgerEntry } from './ledger.js'

/** What had happened in a study when a claim was first written into its ledger. Shows an order, and no more. */
export interface Registration {
  /** Trials whose training had been started. */
  readonly started: number
  /** Trials that had a result. */
  readonly finished: number
}

/** A claim's name in the ledger: the SHA-256 of everything that it says, whatever the order of its keys. */
export function claimDigest({ spread: _, ...said }: Claim): string {
  // What spread is expected changes nothing that a claim says.
  return sha256(canonicalJson(said))
}

/** When each claim was first written, by its digest: a claim that was changed is another one. */
export function registrations(entries: readonly LedgerEntry[]): ReadonlyMap<string, Registration> {
  const found = new Map<string, Registration>()
  const [started, finished] = [new Set<string>(), new Set<string>()]
  for (const entry of entries) {
    if (entry.kind === 'started') started.add(entry.trialId)
    if (entry.kind === 'publish') finished.add(entry.trialId)
    if (entry.kind !== 'claims') continue
    const now = { started: started.size, finished: finished.size }
    for (const digest of entry.digests) if (!found.has(digest)) found.set(digest, now)
  }
  return found
}

/** The entry that registers those of a plan's claims that a ledger does not have; undefined where it has all. */
export function claimsEntry(claims: readonly Claim[], entries: readonly LedgerEntry[]): LedgerEntry | undefined {
  const known = registrations(entries)
  const digests = [...new Set(claims.map(claimDigest))].filter((digest) => !known.has(digest))
  return digests.length === 0 ? undefined : { kind: 'claims', digests }
}
