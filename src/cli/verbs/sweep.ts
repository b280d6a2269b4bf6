import { Option } from '@commander-js/extra-typings'
import { collect, examples, quickOption, runCommand } from '../options.js'

/** `seqlab sweep`: every trial is checked before the first one trains. Exit codes as `run`. */
export const sweepVerb = () =>
  runCommand('sweep')
    .argument('<study>')
    .description('train every variant of a study and compare them')
    .option('--name <name>', 'name of the study and of its directory (default: the name in its file)')
    .option('--plan', 'print the trials with estimated parameters, memory and time without running them', false)
    .addOption(quickOption())
    .option('--pilot <study>', 'with --plan: a study whose results tell what spread its claims may expect')
    .addOption(
      new Option(
        '--only <text>',
        'run only trials whose label contains this text or whose id starts with it; repeatable',
      ).argParser(collect),
    )
    .addOption(new Option('--resume', 'continue an interrupted study (the default)').conflicts('fresh'))
    .addHelpText(
      'after',
      examples(
        'seqlab sweep experiments/scorers.yaml --plan',
        'seqlab sweep experiments/scorers.yaml --plan --pilot runs/scorers-pilot',
        'seqlab sweep experiments/scorers.yaml --workers 2',
        'seqlab sweep experiments/scorers.yaml --live',
        'seqlab sweep experiments/scorers.yaml --cluster uni.yaml --detach',
        'seqlab sweep experiments/scorers.yaml --only additive --retry-failed',
      ),
    )
    .action(async (file, flags) => {
      const { sweep } = await import('../sweep.js')
      await sweep(file, flags)
    })
