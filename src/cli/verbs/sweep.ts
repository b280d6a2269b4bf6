import { Option } from '@commander-js/extra-typings'
import { collect, examples, runCommand } from '../options.js'

/** `seqlab sweep`: every trial is checked before the first one trains. Exit codes as `run`. */
export const sweepVerb = () =>
  runCommand('sweep')
    .argument('<study>')
    .description('train every variant of a study and compare them')
    .option('--name <name>', 'name of the study and of its directory (default: the name in its file)')
    .option('--plan', 'print the trials with estimated parameters, memory and time without running them', false)
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
      const { prepare } = await import('../../spec/prepare.js')
      const { keepInput, readStartingState: readState } = await import('../../store/index.js')
      const { standardInput } = await import('../standard-input.js')
      const { selectTrials } = await import('../../spec/plan/select.js')
      const { execute } = await import('../execute.js')
      const { budgetProblems, placeOf } = await import('../cluster.js')
      const { refuse } = await import('../text/errors.js')
      const { printMatched, printNotes, printPlan } = await import('../text/plan.js')
      const { set, dataDir, name, only } = flags
      if (flags.pilot !== undefined && !flags.plan) return refuse([pilotWithoutPlan])
      const place = await placeOf(flags)
      const { memoryBytes } = place
      const { plan, problems, matched, minutes, notes } = await prepare([file], {
        readState,
        kind: 'study',
        set,
        dataDir,
        name,
        memoryBytes,
        standardInput: standardInput((bytes) => keepInput(flags.out, bytes)),
      })
      const refused = [...place.problems, ...budgetProblems(flags, minutes)]
      if (plan === undefined || refused.length > 0) return refuse([...refused, ...problems])
      if (!flags.quiet) printNotes(notes)
      const selected = selectTrials(plan, only)
      if ('problem' in selected) return refuse([selected.problem])
      if (flags.plan) {
        const { powersOf } = await import('../powers.js')
        const powers = await powersOf(plan, flags)
        const { clusterPlan } = await import('../text/cluster.js')
        const on = clusterPlan(place, plan.study, selected.trials, flags.out)
        return printPlan({ trials: selected.trials, matched, powers, ...(on && { on }), ...flags })
      }
      if (!flags.quiet) printMatched(matched)
      const ids = only && selected.trials.map(({ id }) => id)
      process.exitCode = await execute({ plan, flags, place, only: ids, minutes, pages: false, collect: false })
    })

const pilotWithoutPlan = {
  path: '',
  message: '--pilot tells --plan what spread to expect, and changes nothing of a sweep',
  hint: 'Add --plan, or leave it out.',
}
