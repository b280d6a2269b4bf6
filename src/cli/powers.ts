import { runErrorOrThrow } from '../core/checked-json.js'
import { type Pilot, readPilot } from '../report/analysis/planning/pilot.js'
import { type ClaimPower, claimPowers } from '../report/analysis/planning/power.js'
import type { Plan } from '../spec/types.js'
import { studyFolder } from '../store/index.js'

/** The power of a plan's claims, by a pilot that is named, or by what the study itself has trained so far. */
export async function powersOf(
  { trials, claims, study }: Plan,
  { pilot, out }: { readonly pilot?: string | undefined; readonly out: string },
): Promise<readonly ClaimPower[]> {
  if (claims.length === 0) return []
  const read = pilot === undefined ? await ownResults(study, out) : await readPilot(studyFolder(pilot, out))
  return claimPowers(trials, claims, read)
}

/** Undefined where there is nothing yet, or nothing that can be read: a plan can be made all the same. */
async function ownResults(study: string, outDir: string): Promise<Pilot | undefined> {
  try {
    return await readPilot(studyFolder(study, outDir))
  } catch (error) {
    runErrorOrThrow(error)
    return undefined
  }
}
