import { createHash, type Hash } from 'node:crypto'

/** sha-256 of pieces as if they were one, in hexadecimal. */
export function sha256(...pieces: readonly (string | Uint8Array)[]): string {
  return hashOf(pieces).digest('hex')
}

/** The same as its 32 bytes. */
export function sha256Bytes(...pieces: readonly (string | Uint8Array)[]): Buffer {
  return hashOf(pieces).digest()
}

/** A sha-256 to be fed piece by piece. */
export function sha256Stream(): Hash {
  return createHash('sha256')
}

function hashOf(pieces: readonly (string | Uint8Array)[]): Hash {
  const hash = sha256Stream()
  for (const piece of pieces) hash.update(piece)
  return hash
}
