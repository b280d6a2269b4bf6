import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings'
import { packageRoot } from '../core/package.js'
import { refuseEmptyValues } from './empty-values.js'
import { cancelVerb } from './verbs/cancel.js'
import { checkVerb } from './verbs/check.js'
import { compareVerb } from './verbs/compare.js'
import { completionVerb } from './verbs/completion.js'
import { diffVerb } from './verbs/diff.js'
import { doctorVerb } from './verbs/doctor.js'
import { evaluateVerb } from './verbs/evaluate.js'
import { explainVerb } from './verbs/explain.js'
import { exportVerb } from './verbs/export.js'
import { listVerb } from './verbs/list.js'
import { predictVerb } from './verbs/predict.js'
import { pruneVerb } from './verbs/prune.js'
import { reproduceVerb } from './verbs/reproduce.js'
import { runVerb } from './verbs/run.js'
import { schemaVerb } from './verbs/schema.js'
import { scoreVerb } from './verbs/score.js'
import { showVerb } from './verbs/show.js'
import { sweepVerb } from './verbs/sweep.js'
import { tryVerb } from './verbs/try.js'
import { viewVerb } from './verbs/view.js'
import { workerVerb } from './verbs/worker.js'

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
    .hook('preAction', (_, verb) => {
      refuseEmptyValues(verb)
      return giveOwnParts(verb.opts())
    })
  for (const verb of verbs()) root.addCommand(verb.copyInheritedSettings(root))
  return root
}

/** What `--parts` names has to be there before a spec or a model is read. */
async function giveOwnParts({ parts }: { readonly parts?: readonly string[] }): Promise<void> {
  if (parts === undefined) return
  const { giveParts } = await import('../spec/own/given.js')
  await giveParts(parts)
}

function verbs(): readonly CommandUnknownOpts[] {
  const training = [runVerb(), sweepVerb(), reproduceVerb(), checkVerb(), explainVerb(), schemaVerb()]
  const runs = [compareVerb(), listVerb(), showVerb(), viewVerb(), diffVerb(), pruneVerb(), cancelVerb()]
  const trained = [predictVerb(), tryVerb(), scoreVerb(), evaluateVerb(), exportVerb()]
  return [...training, ...runs, ...trained, workerVerb(), doctorVerb(), completionVerb()]
}

function version(): string {
  const { version }: { version: string } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8'))
  return version
}
