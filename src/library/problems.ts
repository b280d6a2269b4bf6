import { formatPlace, type Problem, SeqlabError } from '../core/errors.js'

/** One problem as a line: where it is, what is wrong, what was expected, how to fix it. */
export function problemText({ path, message, expected, received, hint, place }: Problem): string {
  const where = [...(place === undefined ? [] : [formatPlace(place)]), ...(path === '' ? [] : [path])]
  const more = [
    ...(expected === undefined ? [] : [`expected ${expected}`]),
    ...(received === undefined ? [] : [`received ${received}`]),
    ...(hint === undefined ? [] : [`hint: ${hint}`]),
  ]
  return [...where, [message, ...more].join('; ')].join(': ')
}

/** Problems as an error, whose message has them all. */
export function problemsError(problems: readonly Problem[]): SeqlabError {
  const count = problems.length === 1 ? '1 error' : `${problems.length} errors`
  const lines = problems.map((problem) => `  ${problemText(problem)}`)
  return new SeqlabError('spec', [`The specs have ${count}:`, ...lines].join('\n'), { problems })
}
