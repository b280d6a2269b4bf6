import { formatPlace, type PlainError, type Problem } from '../core/errors.js'
import type { Colors } from './terminal.js'

/** Problems for people: place, what is wrong, what was expected, what came, how to mend it. */
export function formatProblems(problems: readonly Problem[], colors: Colors): string {
  const blocks = [...problems].sort(byPlace).map((problem) => formatProblem(problem, colors))
  const count = problems.length === 1 ? '1 mistake' : `${problems.length} mistakes`
  return [...blocks, colors.dim(count)].join('\n')
}

function formatProblem({ path, message, expected, received, hint, place }: Problem, colors: Colors): string {
  const where = place === undefined ? '' : `${colors.bold(formatPlace(place))}: `
  const named = path === '' || message.includes(path) ? '' : `${colors.cyan(path)}: `
  const detail = (label: string, text: string | undefined) =>
    text === undefined ? [] : [`    ${colors.dim(label)} ${text}`]
  return [
    `${where}${named}${message}`,
    ...detail('expected', expected),
    ...detail('received', received),
    ...detail('hint', hint),
  ].join('\n')
}

function byPlace(left: Problem, right: Problem): number {
  const [a, b] = [left.place, right.place]
  if (a === undefined || b === undefined || a.file !== b.file) return 0
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0)
}

/** An error raised on purpose: its message, its problems, its hint. */
export function formatError({ message, problems, hint }: PlainError, colors: Colors): string {
  const told = problems.length > 0 ? [formatProblems(problems, colors)] : []
  const mend = hint === undefined ? [] : [`    ${colors.dim('hint')} ${hint}`]
  return [`${colors.red('error')}: ${message}`, ...told, ...mend].join('\n')
}
