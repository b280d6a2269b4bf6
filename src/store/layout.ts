import { readdirSync } from 'node:fs'

/** Names of the folders in a study that may be trials. */
export function trialFolders(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'attempts')
    .map((entry) => entry.name)
    .sort()
}
