import { Command, Option } from '@commander-js/extra-typings'
import { examples, partsOption } from '../options.js'

/** `seqlab schema`: the JSON schema of specs, of studies or of comparison.json. */
export const schemaVerb = () =>
  new Command('schema')
    .description('print the JSON schema of specs, for editors')
    .option('--study', 'print the schema of studies', false)
    .addOption(new Option('--comparison', 'print the schema of comparison.json').conflicts('study'))
    .addOption(partsOption())
    .addHelpText('after', examples('seqlab schema > seqlab.schema.json', 'seqlab schema --study > study.schema.json'))
    .action(async (flags) => {
      process.stdout.write(`${JSON.stringify(await schemaOf(flags), null, 2)}\n`)
    })

async function schemaOf({ study, comparison }: { readonly study: boolean; readonly comparison?: true | undefined }) {
  if (comparison) return (await import('../../report/analysis/comparison/types.js')).ComparisonReport
  const { writtenSchema, writtenStudySchema } = await import('../../spec/schema.js')
  return study ? writtenStudySchema() : writtenSchema()
}
