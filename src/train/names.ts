import { SeqlabError } from '../core/errors.js'

/** Whether a parameter's path fits one of the patterns; `*` stands for anything, slashes included. */
export function nameMatcher(patterns: readonly string[]): (path: string) => boolean {
  const expressions = patterns.map(toExpression)
  return (path) => expressions.some((expression) => expression.test(path))
}

function toExpression(pattern: string): RegExp {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`)
}

/** Throws SeqlabError 'spec' for patterns that fit no parameter; `path` is where they stand in the spec. */
export function refuseUnmatched(patterns: readonly string[], path: string, names: readonly string[]): void {
  const problems = patterns.flatMap((pattern, index) => {
    if (names.some(nameMatcher([pattern]))) return []
    const message = `\`${pattern}\` is the name of no parameter`
    return [{ path: `${path}[${index}]`, message, expected: names.join(', '), received: pattern }]
  })
  if (problems.length === 0) return
  throw new SeqlabError('spec', problems.map((problem) => `${problem.path}: ${problem.message}`).join('; '), {
    problems,
    hint: `The parameters are: ${names.join(', ')}.`,
  })
}
