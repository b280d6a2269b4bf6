import type { CommandUnknownOpts } from '@commander-js/extra-typings'

/** What a shell can suggest in place of a word. */
export type Suggestion =
  | { readonly kind: 'words'; readonly words: readonly string[] }
  /** A spec or a study: YAML or JSON. */
  | { readonly kind: 'spec' }
  | { readonly kind: 'file' }
  | { readonly kind: 'folder' }
  /** A study, or the id of a trial, in the directory of the runs. */
  | { readonly kind: 'run' }
  | { readonly kind: 'nothing' }

export interface CompletedOption {
  /** `--out`, without its value. */
  readonly name: string
  readonly description: string
  /** Absent where the option takes no value. */
  readonly value?: Suggestion
}

export interface CompletedVerb {
  readonly name: string
  readonly description: string
  readonly options: readonly CompletedOption[]
  /** Of every argument: no verb has arguments of two kinds. */
  readonly argument: Suggestion
}

/** Words for options whose values the program knows, by the option's name; `choices` of an option come first. */
export type KnownValues = Readonly<Record<string, readonly string[]>>

/** The verbs of the program, as its help has them. */
export function completedVerbs(program: CommandUnknownOpts, known: KnownValues): readonly CompletedVerb[] {
  const help = program.createHelp()
  return program.commands.map((verb) => {
    const [argument] = verb.registeredArguments
    return {
      name: verb.name(),
      description: verb.description(),
      options: help.visibleOptions(verb).map((option): CompletedOption => {
        const name = option.long ?? option.flags
        const takesValue = option.required || option.optional
        const words = option.argChoices ?? known[name]
        return {
          name,
          description: option.description,
          ...(takesValue && { value: words === undefined ? byPlaceholder(option.flags) : { kind: 'words', words } }),
        }
      }),
      argument: argument === undefined ? { kind: 'nothing' } : ofArgument(argument.name(), argument.argChoices),
    }
  })
}

/** `--out <dir>` takes a folder, `--baseline <run>` a run. */
function byPlaceholder(flags: string): Suggestion {
  const placeholder = /<(.*)>/.exec(flags)?.[1]
  if (placeholder === 'dir') return { kind: 'folder' }
  if (placeholder === 'run') return { kind: 'run' }
  return placeholder === 'file' ? { kind: 'file' } : { kind: 'nothing' }
}

const argumentKinds: Readonly<Record<string, Suggestion>> = {
  specs: { kind: 'spec' },
  spec: { kind: 'spec' },
  study: { kind: 'spec' },
  run: { kind: 'run' },
  a: { kind: 'run' },
  runs: { kind: 'folder' },
}

function ofArgument(name: string, choices: readonly string[] | undefined): Suggestion {
  if (choices !== undefined) return { kind: 'words', words: choices }
  return argumentKinds[name] ?? { kind: 'nothing' }
}
