import { type Problem, SeqlabError } from '../core/errors.js'
import { didYouMean, oneOf } from '../core/suggest.js'

/** Whether a parameter's path matches one of the patterns; `*` matches anything, slashes included. */
export function nameMatcher(patterns: readonly string[]): (path: string) => boolean {
  const expressions = patterns.map(toExpression)
  return (path) => expressions.some((expression) => expression.test(path))
}

function toExpression(pattern: string): RegExp {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`)
}

/** Patterns that match no parameter; `path` is their place in the spec. */
export function unmatched(patterns: readonly string[], path: string, names: readonly string[]): readonly Problem[] {
  return patterns.flatMap((pattern, index) => {
    if (names.some(nameMatcher([pattern]))) return []
    const groups = groupsOf(names)
    const meant = didYouMean(pattern.replaceAll('.', '/'), [...names, ...groups])
    const message = `\`${pattern}\` matches no parameter${meant}`
    const expected = `a name or a pattern, such as ${oneOf(groups.filter((group) => group.split('/').length <= 2))}`
    return [{ path: `${path}.${index}`, message, expected, hint: '`seqlab explain` lists the names.' }]
  })
}

/** Throws SeqlabError 'spec' for patterns that match no parameter. */
export function refuseUnmatched(patterns: readonly string[], path: string, names: readonly string[]): void {
  const problems = unmatched(patterns, path, names)
  if (problems.length === 0) return
  throw new SeqlabError('spec', problems.map((problem) => `${problem.path}: ${problem.message}`).join('; '), {
    problems,
  })
}

/** `encoder/*` and `encoder/layer1/*` of `encoder/layer1/kernel`. */
function groupsOf(names: readonly string[]): string[] {
  const groups = names.flatMap((name) => {
    const steps = name.split('/').slice(0, -1)
    return steps.map((_, index) => `${steps.slice(0, index + 1).join('/')}/*`)
  })
  return [...new Set(groups)]
}
