import { Command } from '@commander-js/extra-typings'
import { examples, partsOption, runsOption, wholeNumber } from '../options.js'

/** `seqlab try RUN`: a trained model on a terminal, source by source. */
export const tryVerb = () =>
  new Command('try')
    .argument('<run>', 'a model or trial directory, the name of a study with one run, or the start of a trial id')
    .description('type sources on a terminal and see what a trained model makes of them')
    .addOption(runsOption())
    .addOption(partsOption())
    .option('--nbest <n>', 'outputs shown per source', wholeNumber, 3)
    .addHelpText('after', examples('seqlab try attention-additive', 'seqlab try runs/names-classify/3f2a --nbest 5'))
    .action(async (name, flags) => {
      const { trySources } = await import('../try.js')
      await trySources(name, flags)
    })
