import { Command } from '@commander-js/extra-typings'
import { examples, partsOption, runsOption } from '../options.js'

/** `seqlab list`: every run with its status, its main metric and its age. */
export const listVerb = () =>
  new Command('list')
    .description('list runs with their status, main metric and age')
    .addOption(runsOption())
    .addOption(partsOption())
    .option('--size', 'list studies with the bytes of their models, checkpoints and other files', false)
    .option('--json', 'print one run (with --size: one study) per line as JSON', false)
    .addHelpText('after', examples('seqlab list', 'seqlab list --size', 'seqlab list --out other-runs --json'))
    .action(async ({ out, size, json }) => {
      if (size) return printSizes(out, json)
      const { listRuns } = await import('../../store/index.js')
      const { runLines, runTable } = await import('../text/runs.js')
      const runs = await listRuns(out)
      process.stdout.write(json ? runLines(runs) : `${runTable(runs, Date.now())}\n`)
    })

async function printSizes(out: string, json: boolean): Promise<void> {
  const { listSizes } = await import('../../store/index.js')
  const { sizeLines, sizeTable } = await import('../text/sizes.js')
  const studies = await listSizes(out)
  process.stdout.write(json ? sizeLines(studies) : `${sizeTable(studies)}\n`)
}
