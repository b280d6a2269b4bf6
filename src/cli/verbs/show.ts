import { Command, Option } from '@commander-js/extra-typings'
import { examples, runsOption } from '../options.js'

/** `seqlab show RUN`: one run in the terminal, its record, or the path of its page. */
export const showVerb = () =>
  new Command('show')
    .argument('<run>', 'a directory, the name of a study with one run, or the start of a trial id')
    .description('show one run: curves, metrics, predictions')
    .addOption(runsOption())
    .addOption(new Option('--html', "write the run's report.html and print its path").default(false).conflicts('json'))
    .option('--json', 'print its record as JSON', false)
    .addHelpText(
      'after',
      examples(
        'seqlab show attention-additive',
        'seqlab show scorers/3f2a --html',
        'seqlab show runs/attention-additive --json',
      ),
    )
    .action(async (name, { out, html, json }) => {
      const { findRun } = await import('../../store/index.js')
      const directory = await findRun(name, out)
      process.stdout.write(`${html ? await writePage(directory) : await describe(directory, json)}\n`)
    })

async function writePage(directory: string): Promise<string> {
  const { writeTrialReport } = await import('../../report/render/trial/write.js')
  const { SeqlabError } = await import('../../core/errors.js')
  const { path, problems } = await writeTrialReport(directory)
  if (path === undefined) throw new SeqlabError('run', problems.join('\n'))
  return path
}

async function describe(directory: string, json: boolean): Promise<string> {
  const { loadTrial } = await import('../../store/index.js')
  const { trialText } = await import('../text/trial.js')
  const trial = await loadTrial(directory)
  return json ? JSON.stringify(trial.record) : trialText(trial)
}
