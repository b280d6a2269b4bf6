import { examples, runCommand } from '../options.js'

/** `seqlab run`: 0, 1 where a trial failed, 2 for a bad spec or bad data, 130 where it was stopped. */
export const runVerb = () =>
  runCommand('run')
    .argument('<specs...>')
    .description('train the models in the given specs and write a report')
    .option('--name <name>', "name of the study (default: the spec's name, or adhoc-<hash> for several specs)")
    .addHelpText(
      'after',
      examples(
        'seqlab run configs/attention-additive.yaml',
        'seqlab run configs/*.yaml --name contexts --workers 2',
        'seqlab run configs/attention-additive.yaml --live --events progress.jsonl',
        'seqlab run configs/*.yaml --name contexts --cluster uni.yaml --detach',
        'seqlab run configs/attention-additive.yaml --set train.steps=500 --set model.encoder.cell=gru,lstm',
      ),
    )
    .action(async (specs, flags) => {
      const { prepare } = await import('../../spec/prepare.js')
      const { keepInput, readStartingState: readState } = await import('../../store/index.js')
      const { standardInput } = await import('../standard-input.js')
      const { execute } = await import('../execute.js')
      const { placeOf } = await import('../cluster.js')
      const { readingNoted } = await import('../inputs.js')
      const { refuse } = await import('../text/errors.js')
      const { set, dataDir, name } = flags
      const place = await placeOf(flags)
      const { memoryBytes } = place
      const { readFile, files } = readingNoted()
      const { plan, problems } = await prepare(specs, {
        ...{ readState, kind: 'specs', set, dataDir, name, memoryBytes, readFile },
        standardInput: standardInput((bytes) => keepInput(flags.out, bytes)),
      })
      if (plan === undefined || place.problems.length > 0) return refuse([...place.problems, ...problems])
      process.exitCode = await execute({ plan, flags, files, place, pages: true, collect: plan.trials.length === 1 })
    })
