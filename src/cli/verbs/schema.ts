import { Command, Option } from '@commander-js/extra-typings'
import { examples, partsOption } from '../options.js'

/** `seqlab schema`: the JSON schema of specs, of studies, of comparison.json, of progress events or of profiles of clusters. */
export const schemaVerb = () =>
  new Command('schema')
    .description('print the JSON schema of specs, for editors')
    .option('--study', 'print the schema of studies', false)
    .addOption(new Option('--comparison', 'print the schema of comparison.json').conflicts('study'))
    .addOption(new Option('--events', 'print the schema of progress events').conflicts(['study', 'comparison']))
    .addOption(
      new Option('--cluster', 'print the schema of profiles of clusters').conflicts(['study', 'comparison', 'events']),
    )
    .addOption(partsOption())
    .addHelpText('after', examples('seqlab schema > seqlab.schema.json', 'seqlab schema --study > study.schema.json'))
    .action(async (flags) => {
      process.stdout.write(`${JSON.stringify(await schemaOf(flags), null, 2)}\n`)
    })

interface SchemaFlags {
  readonly study: boolean
  readonly comparison?: true | undefined
  readonly events?: true | undefined
  readonly cluster?: true | undefined
}

async function schemaOf({ study, comparison, events, cluster }: SchemaFlags) {
  if (events) return (await import('../../library/progress-events.js')).ProgressEvent
  if (comparison) return (await import('../../report/analysis/comparison/types.js')).ComparisonReport
  const { writtenClusterSchema, writtenSchema, writtenStudySchema } = await import('../../spec/schema.js')
  if (cluster) return writtenClusterSchema()
  return study ? writtenStudySchema() : writtenSchema()
}
