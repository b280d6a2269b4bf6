import { readdirSync, readFileSync } from 'node:fs'

const folder = new URL('../bench/results/', import.meta.url)

/** The newest record that a bench wrote (bench/results/NAME-DATE.json) and that is what is wanted; undefined where there is none. */
export function newestRecord<Found>(
  name: string,
  isWanted: (record: Found) => boolean = () => true,
): Found | undefined {
  const files = readdirSync(folder).filter((file) => file.startsWith(`${name}-`) && file.endsWith('.json'))
  return files
    .sort()
    .reverse()
    .map((file): Found => JSON.parse(readFileSync(new URL(file, folder), 'utf8')))
    .find(isWanted)
}
