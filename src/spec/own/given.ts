// The parts of the user's own that this process, or thread, has: given once, before the first spec is read, and for good.
import { SeqlabError } from '../../core/errors.js'
import type { Part, PartKind } from '../../core/part.js'
import { type Definition, definitionsIn } from './definitions.js'
import { exportsOf } from './evaluate.js'
import { guarded } from './guard.js'
import { register } from './kinds.js'
import { digestOf, readOwnFile } from './read.js'
import { refusal } from './refusal.js'
import type { OwnFile } from './types.js'

interface OwnPart {
  readonly registry: PartKind
  readonly part: Part
  readonly file: OwnFile
}

const files: OwnFile[] = []
const parts: OwnPart[] = []

/** In the order in which they were given. */
export function ownFiles(): readonly OwnFile[] {
  return files
}

/** The own parts of a kind. */
export function ownParts(kind: string): readonly OwnPart[] {
  return parts.filter(({ registry }) => registry.kind === kind)
}

/**
 * Reads files of parts (`--parts`), which are known by their names from then on, as the program's own are. The same text twice
 * is one. Throws SeqlabError 'spec', one sentence with its place, where a file cannot be read, fails, exports no part, or has
 * a part whose name is taken.
 */
export async function giveParts(paths: readonly string[]): Promise<void> {
  for (const path of paths) await addFile(await readOwnFile(path))
}

/** The same for files that another process or thread has read. Throws SeqlabError 'run' where a text is not what was read. */
export async function takeParts(read: readonly OwnFile[]): Promise<void> {
  for (const file of read) {
    if (digestOf(file.modules) !== file.digest)
      throw new SeqlabError('run', `${file.file} is not what was read: its digest is not ${file.digest.slice(0, 12)}`)
    await addFile(file)
  }
}

function isKnown({ digest }: OwnFile): boolean {
  return files.some((file) => file.digest === digest)
}

async function addFile(file: OwnFile): Promise<void> {
  if (isKnown(file)) return
  const definitions = definitionsIn(await exportsOf(file), file)
  // Another call may have added it by now; from here on nothing is waited for.
  if (isKnown(file)) return
  for (const [at, definition] of definitions.entries()) refuseTaken(definition, definitions.slice(0, at), file)
  for (const { kind, part } of definitions) {
    const [registry] = kind.registries
    const own = guarded(part, registry.kind, file)
    register(kind, own)
    parts.push({ registry, part: own, file })
  }
  files.push(file)
}

function refuseTaken({ kind, part }: Definition, before: readonly Definition[], { file }: OwnFile): void {
  const [registry] = kind.registries
  const what = `the ${registry.kind} \`${part.name}\``
  const other = parts.find((own) => own.registry === registry && own.part.name === part.name)?.file.file
  const twice = before.some((earlier) => earlier.kind === kind && earlier.part.name === part.name)
  if (twice) throw refusal({ file }, `defines ${what} twice`)
  if (other !== undefined)
    throw refusal({ file }, `${what} is in ${other === file ? 'an earlier text of it' : other} too`)
  if (registry.find(part.name) !== undefined)
    throw refusal({ file }, `${what} is one of seqlab's own; give yours another name`)
}
