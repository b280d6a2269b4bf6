import { writtenSchema, writtenStudySchema } from '../spec/schema.js'

/** `seqlab schema`: the JSON schema of what an author may write. */
export function schema({ study }: { readonly study: boolean }): number {
  process.stdout.write(`${JSON.stringify(study ? writtenStudySchema() : writtenSchema(), null, 2)}\n`)
  return 0
}
