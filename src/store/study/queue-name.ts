// A study's own name in a queue that many studies share.
import { randomBytes } from 'node:crypto'
import Type, { type Static } from 'typebox'
import { studyPath } from '../layout.js'
import { readSealed, writeSealed } from '../sealed-json.js'

const schema = Type.Object({
  /** 24 hexadecimal digits that no other folder has: the study's jobs are found again by them. */
  name: Type.String({ pattern: '^[0-9a-z]{8,40}$' }),
  /** The queue, of one version of seqlab, that they were last put into. */
  queue: Type.String({ pattern: '^[a-z][a-z0-9_-]{0,99}$' }),
})

type QueueFile = Readonly<Static<typeof schema>>

/** Where a study's jobs were put; undefined where it never had any. Throws SeqlabError 'run' where `queue.json` is damaged. */
export function readQueueFile(studyDirectory: string): QueueFile | undefined {
  return readSealed(schema, studyPath(studyDirectory, 'queue'))
}

/** The name by which a study's jobs are found in a queue, kept in `queue.json`. */
export function queueName(studyDirectory: string, queue: string): string {
  const known = readQueueFile(studyDirectory)
  if (known?.queue === queue) return known.name
  const name = known?.name ?? randomBytes(12).toString('hex')
  writeSealed(studyPath(studyDirectory, 'queue'), { name, queue })
  return name
}
