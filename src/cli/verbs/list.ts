import { Command } from '@commander-js/extra-typings'
import { examples, runsOption } from '../options.js'

/** `seqlab list`: every run with its status, its main metric and its age. */
export const listVerb = () =>
  new Command('list')
    .description('list runs with their status, main metric and age')
    .addOption(runsOption())
    .option('--json', 'print one run per line as JSON', false)
    .addHelpText('after', examples('seqlab list', 'seqlab list --out other-runs --json'))
    .action(async ({ out, json }) => {
      const { listRuns } = await import('../../store/index.js')
      const { runLines, runTable } = await import('../text/runs.js')
      const runs = await listRuns(out)
      process.stdout.write(json ? runLines(runs) : `${runTable(runs, Date.now())}\n`)
    })
