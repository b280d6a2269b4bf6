import { Argument, Command } from '@commander-js/extra-typings'
import { examples } from '../options.js'

/** `seqlab completion SHELL`: a script that completes verbs, options, their values, specs and runs. */
export const completionVerb = () =>
  new Command('completion')
    .addArgument(new Argument('<shell>', 'bash, zsh or fish').choices(['bash', 'zsh', 'fish']))
    .description('print a script that completes commands in a shell')
    .addHelpText(
      'after',
      examples(
        'source <(seqlab completion bash)',
        'source <(seqlab completion zsh)',
        'seqlab completion fish | source',
      ),
    )
    .action(async (shell, _, command) => {
      const { completionScript } = await import('../completion/index.js')
      const { parent } = command
      if (parent !== null) process.stdout.write(completionScript(shell, parent))
    })
