import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { SeqlabError } from '../core/errors.js'
import { largestFile } from '../data/reading/files.js'
import { withStandardInputNamed } from '../data/standard-input.js'
import type { Spec } from '../spec/types.js'

/**
 * Reads standard input when it is asked for, once, and keeps it: in a file of its own until the process ends, or by `keep`.
 * Gives the file. Throws SeqlabError 'data' on a terminal, and where there is too much.
 */
export function standardInput(keep: (bytes: Uint8Array) => string = untilTheEnd): () => Promise<string> {
  let kept: Promise<string> | undefined
  return () => {
    kept ??= bytesOf(process.stdin).then(keep)
    return kept
  }
}

async function bytesOf(stream: NodeJS.ReadStream): Promise<Uint8Array> {
  if (stream.isTTY) {
    throw new SeqlabError('data', 'the data are to come through standard input, which is a terminal', {
      hint: 'Send a file: seqlab ... < data.tsv',
    })
  }
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of stream) {
    chunks.push(chunk)
    size += chunk.length
    if (size > largestFile)
      throw new SeqlabError('data', 'standard input has more than 256 MiB', { hint: 'Write the data to files.' })
  }
  return Buffer.concat(chunks)
}

const keptFolders = new Set<string>()

/** Whether a file keeps standard input until the process ends. */
export function isKept(path: string): boolean {
  return keptFolders.has(basename(dirname(path)))
}

/** A spec with `-` where its data are read from a file that keeps standard input until the process ends. */
export function asWritten<S extends Pick<Spec, 'data'>>(spec: S): S {
  return { ...spec, data: { ...spec.data, source: withStandardInputNamed(spec.data.source, isKept) } }
}

function untilTheEnd(bytes: Uint8Array): string {
  const folder = mkdtempSync(join(tmpdir(), 'seqlab-stdin-'))
  keptFolders.add(basename(folder))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'stdin')
  writeFileSync(path, bytes)
  return path
}
