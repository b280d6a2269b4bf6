import type { CompletedOption, CompletedVerb, Suggestion } from './commands.js'

/** A script for fish 3 and later. */
export function fishScript(verbs: readonly CompletedVerb[]): string {
  return `# Completion of seqlab for fish. In ~/.config/fish/config.fish: seqlab completion fish | source
function __seqlab_specs
    __fish_complete_suffix .yaml
    __fish_complete_suffix .yml
    __fish_complete_suffix .json
end

function __seqlab_runs
    set -l words (commandline -opc)
    set -l out runs
    set -l at (contains -i -- --out $words); and set out $words[(math $at + 1)]
    for path in $out/*/ $out/*/*/
        set -l name (string replace -- $out/ '' (string trim -r -c / -- $path))
        string match -qr '(^|/)attempts$' -- $name; or echo $name
    end
    __fish_complete_directories
end

complete -c seqlab -f
${verbs.map(({ name, description }) => `complete -c seqlab -n __fish_use_subcommand -a ${quoted(name)} -d ${quoted(description)}`).join('\n')}
${verbs.flatMap((verb) => [argumentLine(verb), ...verb.options.map((option) => optionLine(verb, option))]).join('\n')}
`
}

function argumentLine({ name, argument }: CompletedVerb): string {
  return `complete -c seqlab -n ${seen(name)} -a ${suggestions(argument)}`
}

function optionLine({ name }: CompletedVerb, { name: option, description, value }: CompletedOption): string {
  const takes = value === undefined ? '' : ` -x -a ${suggestions(value)}`
  return `complete -c seqlab -n ${seen(name)} -l ${option.replace(/^--/, '')} -d ${quoted(description)}${takes}`
}

function seen(verb: string): string {
  return quoted(`__fish_seen_subcommand_from ${verb}`)
}

/** Evaluated when they are asked for. */
function suggestions(suggestion: Suggestion): string {
  switch (suggestion.kind) {
    case 'words':
      return quoted(suggestion.words.join(' '))
    case 'spec':
      return quoted('(__seqlab_specs)')
    case 'file':
      return quoted('(__fish_complete_path)')
    case 'folder':
      return quoted('(__fish_complete_directories)')
    case 'run':
      return quoted('(__seqlab_runs)')
    case 'nothing':
      return "''"
  }
}

/** In single quotes fish replaces \`\\\\\` and \`\\'\` alone. */
function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}
