import type { CommandUnknownOpts } from '@commander-js/extra-typings'
import { searchMethods } from '../../decode/index.js'
import { metrics } from '../../metrics/index.js'
import { tasks } from '../../task/index.js'
import { bashScript } from './bash.js'
import { completedVerbs, type KnownValues } from './commands.js'
import { fishScript } from './fish.js'
import { zshScript } from './zsh.js'

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript }

/** The script for a shell, from the program's own verbs and options. */
export function completionScript(shell: keyof typeof scripts, program: CommandUnknownOpts): string {
  return scripts[shell](completedVerbs(program, knownValues()))
}

/** What the options name that are not of the command line: parts of a spec. */
function knownValues(): KnownValues {
  const of = (path: string, names: readonly string[]) => names.map((name) => `${path}=${name}`)
  return {
    '--metric': metrics.names,
    '--set': [...of('task', tasks.names), ...of('decode', searchMethods.names), ...of('metrics', metrics.names)],
  }
}
