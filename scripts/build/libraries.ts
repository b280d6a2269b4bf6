import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A library that is built into the bundle. */
interface Library {
  readonly name: string
  readonly version: string
  readonly license: string
  /** Its licence and notice files, whole. */
  readonly texts: readonly string[]
}

/** Every library that modules of the bundle belong to, by name. */
export function librariesOf(modules: readonly string[]): readonly Library[] {
  const folders = modules.flatMap((id) => /^\0?(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(id)?.[1] ?? [])
  const libraries = [...new Set(folders)].map(libraryIn)
  return libraries.sort((a, b) => (a.name < b.name ? -1 : 1))
}

function libraryIn(folder: string): Library {
  const { name, version, license, author } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile() && isLicence(entry.name))
  const texts = files.map((file) => readFileSync(join(folder, file.name), 'utf8').trim()).sort()
  if (texts.length > 0) return { name, version, license: license ?? 'see below', texts }
  const holder = author?.name ?? author ?? `the authors of ${name}`
  return { name, version, license, texts: [`Copyright (c) ${holder}\n\n${standardText(folder, license)}`] }
}

const isLicence = (file: string) => /^(licen[cs]e|notice)/i.test(file)

/** Packages without a licence file: the text of the licence that they name. */
function standardText(folder: string, license: string): string {
  const file = `scripts/build/licences/${license}.txt`
  if (!existsSync(file)) throw new Error(`${folder} has no licence file, and ${file} does not exist`)
  return readFileSync(file, 'utf8').trim()
}

/** dist/THIRD-PARTY.md: what is built in, under which licences. */
export function noticesOf(libraries: readonly Library[]): string {
  const sections = libraries.map(({ name, version, license, texts }) => {
    const quoted = texts.map((text) => `\`\`\`text\n${text}\n\`\`\``)
    return [`## ${name} ${version}`, `Licence: ${license}`, ...quoted].join('\n\n')
  })
  return `${['# Libraries in this bundle', ...sections].join('\n\n')}\n`
}
