import { CommanderError, type CommandUnknownOpts } from '@commander-js/extra-typings'
import { settingHint } from '../spec/document/setting-hint.js'

const misunderstood: ReadonlySet<string> = new Set(['commander.excessArguments', 'commander.unknownOption'])

/**
 * What to write where a usage error comes from an option of a spec that was given as other programs take it
 * (`train.steps=5`, `--train.steps=5`, `--train.steps 5`); undefined for other errors, and for verbs without `--set`.
 */
export function hintForSetting(
  error: unknown,
  [name, ...args]: readonly string[],
  program: CommandUnknownOpts,
): string | undefined {
  if (!(error instanceof CommanderError) || !misunderstood.has(error.code)) return undefined
  const verb = program.commands.find((each) => each.name() === name)
  if (verb?.options.some(({ long }) => long === '--set') !== true) return undefined
  const known = new Set(verb.options.flatMap(({ long }) => long ?? []))
  return args
    .flatMap((word, at) => settingIn(word, args[at + 1], known) ?? [])
    .map(settingHint)
    .find((hint) => hint !== undefined)
}

/** `path=value` of a word that has both, or of two words of which the first one is an option with a dot. */
function settingIn(word: string, next: string | undefined, known: ReadonlySet<string>): string | undefined {
  const [option = ''] = word.split('=')
  if (known.has(option)) return undefined
  if (word.includes('=')) return word.replace(/^--/, '')
  return /^--.*\./.test(word) && next !== undefined ? `${word.slice(2)}=${next}` : undefined
}
