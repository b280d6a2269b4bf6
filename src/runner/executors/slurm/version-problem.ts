import { SeqlabError } from '../../../core/errors.js'
import { versionDifferences } from '../../../store/index.js'

/** Why a machine may not compute for a run: something of it is of another version. Undefined where all is the same. */
export function versionProblem(
  asked: Readonly<Record<string, string>>,
  here: Readonly<Record<string, string>>,
  node: string,
): SeqlabError | undefined {
  const differences = versionDifferences(asked, here)
  if (differences.length === 0) return undefined
  const place = node === '' ? 'The job' : `The job on ${node}`
  return new SeqlabError('run', `${place} has other versions than this command: ${differences.join(', ')}`, {
    hint: "Give both the same: `setup` in the profile loads Node on the cluster's nodes, and seqlab must be the same folder there.",
  })
}
