// A study's own name in a queue that many studies share.
import { randomBytes } from 'node:crypto'
import Type from 'typebox'
import { studyPath } from '../layout.js'
import { readSealed, writeSealed } from '../sealed-json.js'

const schema = Type.Object({ name: Type.String({ pattern: '^[0-9a-z]{8,40}$' }) })

/** The name by which a study's jobs are found again: 24 hexadecimal digits that no other folder has, kept in `queue.json`. */
export function queueName(studyDirectory: string): string {
  const path = studyPath(studyDirectory, 'queue')
  const known = readSealed(schema, path)
  if (known !== undefined) return known.name
  const name = randomBytes(12).toString('hex')
  writeSealed(path, { name })
  return name
}
