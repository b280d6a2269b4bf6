import { Command } from '@commander-js/extra-typings'
import { examples, runsOption } from '../options.js'

/** `seqlab prune STUDY`: 0, 2 where the study does not exist or is running. */
export const pruneVerb = () =>
  new Command('prune')
    .argument('<name>', 'a study by its directory or name')
    .description("remove finished trials' training states, attempts and alignments; models, records and metrics stay")
    .addOption(runsOption())
    .option('--dry-run', 'print what would be freed without removing it', false)
    .option('--json', 'print it as JSON', false)
    .addHelpText('after', examples('seqlab prune scorers --dry-run', 'seqlab prune runs/scorers'))
    .action(async (name, { out, dryRun, json }) => {
      const { shellLine } = await import('../../core/shell.js')
      const { pruneStudy, studyFolder } = await import('../../store/index.js')
      const { prunedText } = await import('../text/sizes.js')
      const command = shellLine(['seqlab', ...process.argv.slice(2)])
      const pruned = await pruneStudy(studyFolder(name, out), { command, dryRun })
      process.stdout.write(json ? `${JSON.stringify(pruned)}\n` : prunedText(pruned, dryRun))
    })
