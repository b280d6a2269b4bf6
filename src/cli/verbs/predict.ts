import { Command, InvalidArgumentError, Option } from '@commander-js/extra-typings'
import { collect, examples, nonNegative, partsOption, positive, runsOption, wholeNumber } from '../options.js'

/** `seqlab predict RUN [FILE|-]`: what a trained model gives for each line of a file or of standard input. */
export const predictVerb = () =>
  new Command('predict')
    .argument('<run>', 'a model or trial directory, the name of a study with one run, or the start of a trial id')
    .argument('[file]', 'sources, one a line; - or none: standard input', '-')
    .description('predict with a trained model: one output for each line')
    .addOption(runsOption())
    .addOption(partsOption())
    .addOption(
      new Option('--with <run>', 'another model of an ensemble: probabilities are averaged; repeatable').argParser(
        collect,
      ),
    )
    .addOption(
      new Option('--input <format>', "how sources are written (default: as the run's own data)").choices([
        ...(['text', 'tsv', 'jsonl', 'csv', 'conllu', 'tagged'] as const),
      ]),
    )
    .addOption(
      new Option('--output <format>', 'one text a line; or line, rank, score, output; or JSON objects')
        .choices(['text', 'tsv', 'jsonl'] as const)
        .default('text' as const),
    )
    .addOption(
      new Option('--on-error <action>', 'at a line that the model cannot read')
        .choices(['fail', 'skip'] as const)
        .default('fail' as const),
    )
    .option('--beam <k>', "beam width (default: the run's final search)", wholeNumber)
    .option(
      '--nbest <n>',
      'outputs reported per line (of sequences, and of tags by a crf); needs --output tsv or jsonl',
      wholeNumber,
    )
    .option('--length-normalisation <a>', 'rank by score over ((5 + length) / 6)^a', nonNegative)
    .option('--coverage-penalty <b>', 'rank outputs that leave a part of the source unattended lower', nonNegative)
    .option('--min-length <n>', 'symbols of an output at least', wholeNumber)
    .option('--max-length <n>', 'symbols of an output at most', wholeNumber)
    .option('--sample', 'draw each symbol from its distribution', false)
    .option('--temperature <t>', 'of --sample: below 1 sharper, above 1 flatter', positive)
    .option('--top-k <k>', 'of --sample: from the k most probable symbols', wholeNumber)
    .option('--top-p <p>', 'of --sample: from the fewest symbols with probability p together', share)
    .option('--seed <n>', 'of --sample: line by line, whatever the batches', wholeNumber)
    .option('--replace-unknown', 'put the source token that it attends to in the place of an unknown symbol', false)
    .option('--alignments', 'add alignments; needs --output jsonl', false)
    .option('--scores', 'all labels with their probabilities, or the score of each token; needs tsv or jsonl', false)
    .option('--prompt <text>', 'write text that goes on from this one (language models)')
    .option('--lines <n>', 'of --prompt: lines to write', wholeNumber)
    .option('--batch-size <n>', 'lines predicted together', wholeNumber, 64)
    .addHelpText(
      'after',
      examples(
        "echo 'attention' | seqlab predict attention-additive",
        'seqlab predict runs/attention-additive/3f2a words.txt --beam 5 --nbest 3 --output tsv',
        'seqlab predict model/ sentences.jsonl --input jsonl --output jsonl --alignments --on-error skip',
        'seqlab predict attention-additive/3f2a words.txt --with attention-additive/91bc',
        'seqlab predict names-classify names.txt --output jsonl --scores',
        "seqlab predict char-lm --prompt 'The ' --lines 5 --top-p 0.9 --seed 1",
        'seqlab predict forecast sensors.csv --output tsv',
      ),
    )
    .action(async (name, file, flags) => {
      const { predictFile } = await import('../predict/index.js')
      await predictFile(name, file, flags)
    })

function share(text: string): number {
  const value = positive(text)
  if (value <= 1) return value
  throw new InvalidArgumentError('It must be a number above 0 and at most 1.')
}
