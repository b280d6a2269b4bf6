import { Command } from '@commander-js/extra-typings'
import { dataDirOption, examples, partsOption, setOption } from '../options.js'

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
    .addOption(partsOption())
    .option('--no-data', 'do not read the data')
    .option('--resolved', 'print each spec with every default filled in', false)
    .addHelpText('after', examples('seqlab check configs/*.yaml', 'seqlab check my.yaml --resolved'))
    .action(async (files, { set, dataDir, data, resolved }) => {
      const { check } = await import('../../library/check.js')
      const { specYaml } = await import('../../spec/document/print.js')
      const { checkedText } = await import('../text/data-facts.js')
      const { refuse, warn } = await import('../text/errors.js')
      const { asWritten, standardInput } = await import('../standard-input.js')
      const checked = await check(files, { set, dataDir, data, standardInput: standardInput() })
      const specs = checked.files.flatMap((each) => each.specs)
      if (resolved) process.stdout.write(specs.map(({ spec }) => specYaml(asWritten(spec))).join('---\n'))
      warn(checked.warnings)
      if (checked.problems.length > 0) return refuse(checked.problems)
      if (resolved) return
      process.stdout.write(checked.files.map((each) => checkedText(each.file, each.specs)).join(''))
    })
