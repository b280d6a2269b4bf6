import { Command } from '@commander-js/extra-typings'
import { shellLine } from '../../core/shell.js'
import { examples, runsOption } from '../options.js'

/** `seqlab cancel`: 0 once nothing of the study is on a cluster, 2 where somebody works on it or the cluster is in the way. */
export const cancelVerb = () =>
  new Command('cancel')
    .argument('<study>', 'name or directory of a study')
    .description('take the jobs of a study back from a cluster; running trials save first')
    .addOption(runsOption())
    .addHelpText('after', examples('seqlab cancel scorers', 'seqlab cancel runs/scorers'))
    .action(async (name, { out }) => {
      const { printable } = await import('../text/printable.js')
      const { cancelOnCluster } = await import('../../library/cancel.js')
      const command = shellLine(['seqlab', 'cancel', name])
      const warn = (message: string) => void process.stderr.write(`warning: ${printable(message)}\n`)
      const count = await cancelOnCluster(name, { out, command, warn })
      const attempts = count === 1 ? '1 trial was' : `${count} trials were`
      process.stdout.write(
        count === 0
          ? 'nothing of it is on a cluster\n'
          : `${attempts} taken back; the command that started the study continues from what was saved\n`,
      )
    })
