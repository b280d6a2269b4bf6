import { Command, Option } from '@commander-js/extra-typings'
import { pairFormats } from '../../inference/score/pair-formats.js'
import { examples, partsOption, runsOption, wholeNumber } from '../options.js'

/** `seqlab score RUN [FILE|-]`: how probable given outputs are under a trained model. */
export const scoreVerb = () =>
  new Command('score')
    .argument('<run>', 'a model or trial directory, the name of a study with one run, or the start of a trial id')
    .argument('[file]', 'pairs of source and output, one a line; - or none: standard input', '-')
    .description('log probability of given outputs under a trained model, by forced decoding')
    .addOption(runsOption())
    .addOption(partsOption())
    .addOption(
      new Option(
        '--input <format>',
        "how pairs are written: source, tab, output; JSON objects; lines of text (a language model's); or as the run's own source has them",
      ).choices(pairFormats),
    )
    .addOption(
      new Option('--output <format>', 'line, score, mean per symbol, symbols; or JSON objects with each symbol')
        .choices(['tsv', 'jsonl'] as const)
        .default('tsv' as const),
    )
    .addOption(
      new Option('--on-error <action>', 'at a pair that cannot be scored')
        .choices(['fail', 'skip'] as const)
        .default('fail' as const),
    )
    .option('--alignments', 'add alignments; needs --output jsonl', false)
    .option('--batch-size <n>', 'pairs scored together', wholeNumber, 64)
    .addHelpText(
      'after',
      examples(
        "printf 'attention\\tAH T EH N SH AH N\\n' | seqlab score attention-additive",
        'seqlab score names pairs.jsonl --input jsonl --output jsonl --alignments',
        'seqlab score char-lm lines.txt --on-error skip',
      ),
    )
    .action(async (name, file, flags) => {
      const { scoreFile } = await import('../score.js')
      await scoreFile(name, file, flags)
    })
