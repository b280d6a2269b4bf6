import { shellLine } from '../../core/shell.js'
import type { CompletedVerb, Suggestion } from './commands.js'

/** A script for bash 3.2 and later. */
export function bashScript(verbs: readonly CompletedVerb[]): string {
  const names = verbs.map(({ name }) => name)
  return `# Completion of seqlab for bash. In ~/.bashrc: source <(seqlab completion bash)
_seqlab_words() {
  local word
  for word in "\${@:2}"; do [[ $word == "$1"* ]] && printf '%s\\n' "$word"; done
}

_seqlab_specs() {
  compgen -f -X '!*.yaml' -- "$1"
  compgen -f -X '!*.yml' -- "$1"
  compgen -f -X '!*.json' -- "$1"
  compgen -d -- "$1"
}

# Studies, their trials after a slash, and trials by the start of their id.
_seqlab_runs() {
  local path
  case $1 in
    */*/*) ;;
    */*) for path in "$2/$1"*/; do [[ -d $path ]] && path=\${path%/} && printf '%s\\n' "\${path#"$2"/}"; done ;;
    *)
      for path in "$2/$1"*/; do [[ -d $path ]] && path=\${path%/} && printf '%s\\n' "\${path##*/}"; done
      [[ -n $1 ]] && for path in "$2"/*/"$1"*/; do [[ -d $path ]] && path=\${path%/} && printf '%s\\n' "\${path##*/}"; done
      ;;
  esac | grep -Ev '(^|/)attempts$' | sort -u
  compgen -d -- "$1"
}

_seqlab() {
  local words=() i word count cur prev verb out=runs before='' IFS=$'\\n'
  # Bash takes \`task=tag\` for three words.
  for ((i = 0; i <= COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    count=\${#words[@]}
    if ((i > 1)) && [[ $word == '=' || \${COMP_WORDS[i - 1]} == '=' ]]; then
      words[count - 1]=\${words[count - 1]}$word
    else
      words[count]=$word
    fi
  done
  count=\${#words[@]}
  cur=\${words[count - 1]}
  prev=\${words[count - 2]}
  verb=\${words[1]}
  for ((i = 2; i < count - 1; i++)); do [[ \${words[i]} == --out ]] && out=\${words[i + 1]}; done
  if [[ $cur == *=* ]]; then
    before=\${cur%"\${cur##*=}"}
    [[ $cur == --*=* ]] && prev=\${cur%%=*} && cur=\${cur#*=}
  fi
  COMPREPLY=()
  if ((count <= 2)); then
    COMPREPLY=($(_seqlab_words "$cur" ${words(names)}))
    return
  fi
  case "$verb $prev" in
${verbs.flatMap(valueCases).join('\n')}
    *)
      case "$verb $cur" in
${verbs.map(optionCase).join('\n')}
${verbs.map(argumentCase).join('\n')}
      esac
      ;;
  esac
  # What bash replaces begins after the last \`=\`.
  if [[ -n $before ]]; then
    for i in "\${!COMPREPLY[@]}"; do COMPREPLY[i]=\${COMPREPLY[i]#"\${before#--*=}"}; done
  fi
}
complete -F _seqlab seqlab
`
}

function valueCases({ name, options }: CompletedVerb): string[] {
  return options.flatMap((option) =>
    option.value === undefined ? [] : [`    ${shellLine([`${name} ${option.name}`])}) ${reply(option.value)} ;;`],
  )
}

function optionCase({ name, options }: CompletedVerb): string {
  return `        ${shellLine([`${name} -`])}*) COMPREPLY=($(_seqlab_words "$cur" ${words(options.map((option) => option.name))})) ;;`
}

function argumentCase({ name, argument }: CompletedVerb): string {
  return `        ${shellLine([`${name} `])}*) ${reply(argument)} ;;`
}

/** How \`COMPREPLY\` is filled; \`:\` does nothing. */
function reply(suggestion: Suggestion): string {
  const files = (command: string) => `COMPREPLY=($(${command})); compopt -o filenames 2>/dev/null`
  switch (suggestion.kind) {
    case 'words':
      return `COMPREPLY=($(_seqlab_words "$cur" ${words(suggestion.words)}))`
    case 'spec':
      return files('_seqlab_specs "$cur"')
    case 'file':
      return files('compgen -f -- "$cur"')
    case 'folder':
      return files('compgen -d -- "$cur"')
    case 'run':
      return files('_seqlab_runs "$cur" "$out"')
    case 'nothing':
      return ':'
  }
}

function words(all: readonly string[]): string {
  return all.map((word) => shellLine([word])).join(' ')
}
