import { writtenSchema } from '../spec/schema.js'

/** `seqlab schema`: the JSON schema of what an author may write. */
export function schema(): number {
  process.stdout.write(`${JSON.stringify(writtenSchema(), null, 2)}\n`)
  return 0
}
