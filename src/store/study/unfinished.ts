// Where evaluations on data of their own are written until they are whole: `.evaluation-<pid>-<random>/` in the trial's folder
// (two machines may have one pid), with the identity of the process that writes. What a killed process left there is removed
// by the next one.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { isJsonObject, parseJson } from '../../core/json.js'
import { foldersIn } from '../layout.js'
import { identityOf, isAlive, type ProcessIdentity } from './processes.js'

const prefix = '.evaluation-'
const ownerFile = 'owner.json'

/** Makes a folder of this process, empty but for its owner. */
export function unfinishedFolder(trialDirectory: string): string {
  const directory = mkdtempSync(join(trialDirectory, `${prefix}${process.pid}-`))
  writeFileSync(join(directory, ownerFile), JSON.stringify(identityOf(process.pid)))
  return directory
}

/** Removes the folders whose processes are gone. Those of other machines stay: nobody can tell from here. */
export function removeLeftovers(trialDirectory: string): void {
  for (const directory of leftovers(trialDirectory)) rmSync(directory, { recursive: true, force: true })
}

/** Folders of evaluations whose processes are gone. */
export function leftovers(trialDirectory: string): string[] {
  return foldersIn(trialDirectory).flatMap((name) => {
    const pid = /^\.evaluation-(\d+)(-\w+)?$/.exec(name)?.[1]
    if (pid === undefined) return []
    const directory = join(trialDirectory, name)
    const owner = ownerOf(directory) ?? { pid: Number(pid), host: hostname() }
    return owner.host !== hostname() || isAlive(owner) ? [] : [directory]
  })
}

/** Undefined where it was killed before it wrote its name. */
function ownerOf(directory: string): ProcessIdentity | undefined {
  try {
    const owner = parseJson(readFileSync(join(directory, ownerFile), 'utf8'))
    if (!isJsonObject(owner)) return undefined
    const { pid, host, started } = owner
    if (typeof pid !== 'number' || typeof host !== 'string') return undefined
    return { pid, host, ...(typeof started === 'string' && { started }) }
  } catch {
    return undefined
  }
}
