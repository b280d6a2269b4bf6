import { Command } from '@commander-js/extra-typings'
import { dataDirOption, examples, setOption } from '../options.js'

/**
 * `seqlab check`: 0 and what was read where every spec and every variant of every study is valid and fits its data, else 2
 * and every error on stderr. Nothing is trained and no engine is loaded.
 */
export const checkVerb = () =>
  new Command('check')
    .argument('<specs...>')
    .description('report every error in the specs and their data, or what was read')
    .addOption(setOption())
    .addOption(dataDirOption())
    .option('--no-data', 'do not read the data')
    .option('--resolved', 'print each spec with every default filled in', false)
    .addHelpText('after', examples('seqlab check configs/*.yaml', 'seqlab check my.yaml --resolved'))
    .action(async (files, { set, dataDir, data, resolved }) => {
      const { prepareEach } = await import('../../spec/prepare.js')
      const { readStartingState: readState } = await import('../../store/index.js')
      const { specYaml } = await import('../../spec/document/print.js')
      const { defaultLimits } = await import('../../runner/limits.js')
      const { checkedText } = await import('../text/data-facts.js')
      const { refuse, warn } = await import('../text/errors.js')
      const memoryBytes = defaultLimits.hostBytes
      const prepared = await prepareEach(files, { readState, set, dataDir, data, memoryBytes })
      const specs = prepared.flatMap((each) => each.specs)
      if (resolved) process.stdout.write(specs.map(({ spec }) => specYaml(spec)).join('---\n'))
      const problems = prepared.flatMap((each) => each.problems)
      warn(prepared.flatMap(({ warnings }) => warnings))
      if (problems.length > 0) return refuse(problems)
      if (resolved) return
      process.stdout.write(files.map((file, index) => checkedText(file, prepared[index]?.specs ?? [])).join(''))
    })
