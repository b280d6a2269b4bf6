import { Option } from '@commander-js/extra-typings'
import { collect, examples, quickOption, runCommand } from '../options.js'

/** `seqlab reproduce`: published results and ours. Exit codes as `run`. */
export const reproduceVerb = () =>
  runCommand('reproduce')
    .argument('[study]')
    .description('list published results that studies reproduce, or run one of these studies and compare')
    .addOption(quickOption())
    .option('--plan', 'print the trials with estimated parameters, memory and time without running them', false)
    .addOption(
      new Option('--only <text>', 'run only trials whose label contains this text; repeatable').argParser(collect),
    )
    .addOption(new Option('--resume', 'continue an interrupted study (the default)').conflicts('fresh'))
    .addHelpText(
      'after',
      examples(
        'seqlab reproduce',
        'seqlab reproduce addition',
        'seqlab reproduce scan --only simple --workers 2',
        'seqlab reproduce addition --quick',
      ),
    )
    .action(async (name, flags) => {
      const { listReproductions, reproduce } = await import('../reproduce.js')
      if (name === undefined) return listReproductions(flags)
      await reproduce(name, flags)
    })
