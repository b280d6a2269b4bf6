import { Command } from '@commander-js/extra-typings'
import { examples, partsOption, runsOption } from '../options.js'

/** `seqlab diff A B`: settings, metrics and predictions of two runs. It describes two trained models; `compare` tests. */
export const diffVerb = () =>
  new Command('diff')
    .arguments('<a> <b>')
    .description('show what differs between two runs: settings, metrics, predictions')
    .addOption(runsOption())
    .addOption(partsOption())
    .option('--json', 'print JSON', false)
    .addHelpText(
      'after',
      examples('seqlab diff attention-additive last-state', 'seqlab diff scorers/3f2a scorers/91bc --json'),
    )
    .action(async (a, b, { out, json }) => {
      const { findRun, loadTrial } = await import('../../store/index.js')
      const { differences, differencesJson, differencesText } = await import('../text/differences.js')
      const read = async (name: string) => loadTrial(await findRun(name, out))
      const found = differences(await read(a), await read(b))
      process.stdout.write(`${json ? differencesJson(found) : differencesText(found)}\n`)
    })
