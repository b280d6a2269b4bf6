import type { CommandUnknownOpts } from '@commander-js/extra-typings'

/** Options whose value is a text that may be empty. */
const texts: ReadonlySet<string | undefined> = new Set(['--prompt'])

const why = 'It is empty: perhaps a variable of the shell is not set.'

/**
 * A usage error where an argument or an option's value is empty: as a path it would be the working directory, as the
 * beginning of a name every name. A variable of the environment that is empty counts as one that is not set.
 */
export function refuseEmptyValues(verb: CommandUnknownOpts): void {
  if (verb.args.includes('')) verb.error(`error: command-argument value '' is invalid. ${why}`)
  for (const option of verb.options) {
    const name = option.attributeName()
    const value: unknown = verb.getOptionValue(name)
    const isEmpty = value === '' || (Array.isArray(value) && value.includes(''))
    if (!isEmpty || texts.has(option.long)) continue
    if (verb.getOptionValueSource(name) === 'env') verb.setOptionValue(name, undefined)
    else verb.error(`error: option '${option.flags}' argument '' is invalid. ${why}`)
  }
}
