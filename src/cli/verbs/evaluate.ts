import { Command, Option } from '@commander-js/extra-typings'
import { collect, examples, nonNegative, partsOption, runsOption, wholeNumber } from '../options.js'

/** `seqlab evaluate RUN`: how well a trained model does on other data than its own test set. */
export const evaluateVerb = () =>
  new Command('evaluate')
    .argument('<run>', 'a model or trial directory, the name of a study with one run, or the start of a trial id')
    .description(
      'evaluate a trained model on other data: metrics with intervals, by class, entity and length, and a page',
    )
    .addOption(
      new Option(
        '--test <file>',
        "examples as the run's own source reads them; of parallel files give it twice: sources, then targets",
      )
        .argParser(collect)
        .conflicts('data'),
    )
    .option('--data <file>', 'a YAML file with `data:` alone, as in a spec, whose test split is scored')
    .option('--name <name>', "name of the evaluation (default: the file's)")
    .option('--into <dir>', "write here instead of evaluations/<name>/ in the run's directory")
    .option('--baseline <run>', 'also give the paired differences to this run on the same examples')
    .addOption(
      new Option('--metric <name>', "metric with its defaults (default: the run's metrics); repeatable").argParser(
        collect,
      ),
    )
    .option('--beam <k>', "beam width (default: the run's final search)", wholeNumber)
    .option('--length-normalisation <a>', 'rank by score over ((5 + length) / 6)^a', nonNegative)
    .option('--json', 'print the results as one JSON object', false)
    .addOption(runsOption())
    .addOption(partsOption())
    .addHelpText(
      'after',
      examples(
        'seqlab evaluate attention-additive --test new-words.tsv',
        'seqlab evaluate runs/tickets/3f2a --data other-tickets.yaml --name other',
        'seqlab evaluate additive --test new-words.tsv --baseline last-state --beam 5',
        'seqlab evaluate model/ --test new-words.tsv --into results --json',
      ),
    )
    .action(async (run, flags) => {
      const { evaluateTrainedRun } = await import('../evaluate.js')
      await evaluateTrainedRun(run, flags)
    })
