import { readFileSync } from 'node:fs'
import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings'
import { checkVerb } from './check.js'
import { explainVerb } from './explain.js'
import { addReportVerbs } from './reports.js'
import { runVerb } from './run.js'
import { schemaVerb } from './schema.js'
import { sweepVerb } from './sweep.js'

/** The command line: verbs, their options and help. What a verb needs is imported when it is called. A usage error throws CommanderError. */
export function program(): CommandUnknownOpts {
  const root = new Command('seqlab')
    .description(
      'A declarative laboratory for recurrent sequence models: a YAML spec in, a trained model and a report out.',
    )
    .version(version())
    .showHelpAfterError('(seqlab --help lists the commands)')
    .showSuggestionAfterError()
    .exitOverride()
  for (const verb of [runVerb(), sweepVerb(), checkVerb(), explainVerb(), schemaVerb()]) {
    root.addCommand(verb.copyInheritedSettings(root))
  }
  addReportVerbs(root)
  return root
}

function version(): string {
  const { version }: { version: string } = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  )
  return version
}
