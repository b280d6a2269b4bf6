import { ComparisonReport } from '../report/analysis/comparison/types.js'
import { writtenSchema, writtenStudySchema } from '../spec/schema.js'

export interface SchemaFlags {
  readonly study: boolean
  readonly comparison?: boolean
}

/** `seqlab schema`: the JSON schema of what an author may write, or of what a comparison writes. */
export function schema({ study, comparison = false }: SchemaFlags): number {
  const shown = comparison ? ComparisonReport : study ? writtenStudySchema() : writtenSchema()
  process.stdout.write(`${JSON.stringify(shown, null, 2)}\n`)
  return 0
}
