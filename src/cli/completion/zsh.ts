import { shellLine } from '../../core/shell.js'
import type { CompletedVerb, Suggestion } from './commands.js'

/** A script for zsh 5 and later. */
export function zshScript(verbs: readonly CompletedVerb[]): string {
  return `#compdef seqlab
# Completion of seqlab for zsh. In ~/.zshrc, after compinit: source <(seqlab completion zsh)
_seqlab_runs() {
  local out=\${words[\${words[(i)--out]} + 1]:-runs}
  local -a runs
  runs=($out/*(N/) $out/*/*(N/))
  runs=(\${\${runs#$out/}:#(*/|)attempts})
  compadd -- $runs
  _files -/
}

_seqlab() {
  local verb=\${words[2]} prev=\${words[CURRENT - 1]} cur=\${words[CURRENT]}
  local -a all
  if (( CURRENT == 2 )); then
    all=(${described(verbs)})
    _describe verb all
    return
  fi
  case "$verb $prev" in
${verbs.flatMap(valueCases).join('\n')}
    *)
      case "$verb $cur" in
${verbs.map(optionCase).join('\n')}
${verbs.map(({ name, argument }) => `        ${shellLine([`${name} `])}*) ${suggest(argument)} ;;`).join('\n')}
      esac
      ;;
  esac
}
compdef _seqlab seqlab
`
}

function valueCases({ name, options }: CompletedVerb): string[] {
  return options.flatMap((option) =>
    option.value === undefined ? [] : [`    ${shellLine([`${name} ${option.name}`])}) ${suggest(option.value)} ;;`],
  )
}

function optionCase({ name, options }: CompletedVerb): string {
  return `        ${shellLine([`${name} -`])}*) all=(${described(options)}); _describe option all ;;`
}

function suggest(suggestion: Suggestion): string {
  switch (suggestion.kind) {
    case 'words':
      return `compadd -- ${suggestion.words.map((word) => shellLine([word])).join(' ')}`
    case 'spec':
      return `_files -g '*.(yaml|yml|json)'`
    case 'file':
      return '_files'
    case 'folder':
      return '_files -/'
    case 'run':
      return '_seqlab_runs'
    case 'nothing':
      return ':'
  }
}

/** \`name:description\`; a colon within the name is escaped. */
function described(all: readonly { readonly name: string; readonly description: string }[]): string {
  return all.map(({ name, description }) => shellLine([`${name.replaceAll(':', '\\:')}:${description}`])).join(' ')
}
