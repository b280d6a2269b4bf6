import { resolve } from 'node:path'
import { Command, Option } from '@commander-js/extra-typings'
import type { PlaygroundChoice } from '../../report/analysis/trial/playground.js'
import { examples, partsOption, playgroundOption, playgroundWeightsOption, runsOption } from '../options.js'

/** `seqlab show RUN`: one run in the terminal, its record, or the path of its page; of a study all its trials. */
export const showVerb = () =>
  new Command('show')
    .argument('<run>', 'a directory, the name of a study, or the start of a trial id: whatever `seqlab list` names')
    .description(
      'show one run (curves, metrics, predictions, evaluations; of one that runs, how far it is), or the trials of a study',
    )
    .addOption(runsOption())
    .addOption(partsOption())
    .addOption(new Option('--html', "write the run's report.html and print its path").default(false).conflicts('json'))
    .addOption(playgroundOption().conflicts('json').implies({ html: true }))
    .addOption(playgroundWeightsOption().conflicts('json').implies({ html: true }))
    .option('--json', 'print its record and its evaluations as JSON; of a study one trial per line', false)
    .addHelpText(
      'after',
      examples(
        'seqlab show attention-additive',
        'seqlab show scorers',
        'seqlab show scorers/3f2a --html',
        'seqlab show runs/attention-additive --json',
      ),
    )
    .action(async (name, { out, html, json, ...playground }) => {
      const { findRun, findStudy } = await import('../../store/index.js')
      const study = html ? undefined : findStudy(name, out)
      if (study !== undefined) return void process.stdout.write(await describeTrials(study, json))
      const { describeOther } = await import('../show.js')
      const other = html ? undefined : await describeOther(name, out, json)
      if (other !== undefined) return void process.stdout.write(`${other}\n`)
      const directory = await findRun(name, out)
      process.stdout.write(`${html ? await writePage(directory, playground) : await describe(directory, json)}\n`)
    })

async function writePage(directory: string, choice: PlaygroundChoice): Promise<string> {
  const { writeTrialReport } = await import('../../report/render/trial/write.js')
  const { SeqlabError } = await import('../../core/errors.js')
  const { printable } = await import('../text/printable.js')
  const { path, problems } = await writeTrialReport(directory, { playground: choice })
  if (path === undefined) throw new SeqlabError('run', problems.join('\n'))
  process.stderr.write(problems.map((problem) => `warning: ${printable(problem)}\n`).join(''))
  return path
}

async function describeTrials(directory: string, json: boolean): Promise<string> {
  const { describeStudy } = await import('../../store/index.js')
  const { studyLines, studyText } = await import('../text/study.js')
  const runs = await describeStudy(directory)
  return json ? studyLines(runs) : `${studyText(directory, runs)}\n`
}

async function describe(directory: string, json: boolean): Promise<string> {
  const { describeTrial, loadTrial } = await import('../../store/index.js')
  const { trialText } = await import('../text/trial.js')
  const trial = await loadTrial(directory)
  const described = await describeTrial(resolve(directory))
  const { evaluations, ownEvaluations: own, evaluationProblems: problems, missingEvaluations: missing } = described
  if (json) return JSON.stringify({ ...trial.record, evaluations, ...(own.length > 0 && { ownEvaluations: own }) })
  return trialText(trial, { evaluations, own, problems, missing })
}
