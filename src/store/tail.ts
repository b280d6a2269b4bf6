import { closeSync, openSync, readSync, statSync } from 'node:fs'

/** Lines that were added to a file since the last reading; all of them where the file is another one, or shorter, than before. */
export interface Added {
  readonly lines: readonly string[]
  /** Whether what was read before is void. */
  readonly restarted: boolean
}

/** Reads a file of lines as it grows. */
export interface Tail {
  /** Whole lines only; the file may have another name than before. Nothing where it cannot be read (now). */
  read(path: string): Added
}

const chunkBytes = 1 << 20
/** A longer line is left out: files of lines have none. */
const longestLine = 16 << 20

const nothing: Added = { lines: [], restarted: false }

/** The file is known by its inode, not by its name: a published attempt is renamed while it is watched. */
export function openTail(): Tail {
  let inode: bigint | undefined
  let offset = 0
  let rest: Buffer = Buffer.alloc(0)
  const readFrom = (path: string, size: number): string[] => {
    const file = openSync(path, 'r')
    const lines: string[] = []
    try {
      while (offset < size) {
        const chunk = Buffer.alloc(Math.min(chunkBytes, size - offset))
        const bytes = readSync(file, chunk, 0, chunk.length, offset)
        if (bytes === 0) break
        offset += bytes
        const text = Buffer.concat([rest, chunk.subarray(0, bytes)])
        const end = text.lastIndexOf(10) + 1
        if (end > 0) lines.push(...text.toString('utf8', 0, end - 1).split('\n'))
        rest = text.length - end > longestLine ? Buffer.alloc(0) : Buffer.from(text.subarray(end))
      }
    } finally {
      closeSync(file)
    }
    return lines
  }
  return {
    read: (path) => {
      try {
        const found = statSync(path, { throwIfNoEntry: false, bigint: true })
        if (found === undefined) return nothing
        const size = Number(found.size)
        const restarted = inode !== undefined && (inode !== found.ino || size < offset)
        if (restarted || inode === undefined) {
          offset = 0
          rest = Buffer.alloc(0)
        }
        inode = found.ino
        return size === offset && !restarted ? nothing : { lines: readFrom(path, size), restarted }
      } catch {
        // It went away, or may not be read: the next reading tries again.
        return nothing
      }
    },
  }
}
