import { formatPlace, type PlainError, type Problem } from '../../core/errors.js'
import { printable, printableLines } from './printable.js'
import { type Colors, colorsFor } from './terminal.js'

/** Prints problems on stderr and ends the command with exit code 2. */
export function refuse(problems: readonly Problem[]): void {
  process.stderr.write(`${formatProblems(problems, colorsFor(process.stderr))}\n`)
  process.exitCode = 2
}

/** Warnings on stderr, one a line. */
export function warn(warnings: readonly Problem[]): void {
  const colors = colorsFor(process.stderr)
  for (const warning of warnings)
    process.stderr.write(`${colors.yellow('warning')}: ${formatProblem(warning, colors)}\n`)
}

/** Problems for people: place, what is wrong, what was expected, what was received, how to fix it. */
export function formatProblems(problems: readonly Problem[], colors: Colors): string {
  const blocks = [...problems].sort(byPlace).map((problem) => formatProblem(problem, colors))
  const count = problems.length === 1 ? '1 error' : `${problems.length} errors`
  return [...blocks, colors.dim(count)].join('\n')
}

function formatProblem({ path, message, expected, received, hint, place }: Problem, colors: Colors): string {
  const where = place === undefined ? '' : `${colors.bold(printable(formatPlace(place)))}: `
  const named = path === '' ? '' : `${colors.cyan(printable(path))}: `
  const detail = (label: string, text: string | undefined) =>
    text === undefined ? [] : [`    ${colors.dim(label)} ${shown(text)}`]
  return [
    `${where}${named}${shown(message)}`,
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
  const details = problems.length > 0 && !says(message, problems) ? [formatProblems(problems, colors)] : []
  const fix = hint === undefined ? [] : [`    ${colors.dim('hint')} ${shown(hint)}`]
  return [`${colors.red('error')}: ${shown(message)}`, ...details, ...fix].join('\n')
}

/** Whether a message says all that its one problem says: then the problem would only repeat it. */
function says(message: string, [first, ...others]: readonly Problem[]): boolean {
  if (first === undefined || others.length > 0) return false
  const { expected = '', received = '', place } = first
  return [first.message, expected, received, place ? formatPlace(place) : ''].every((text) => message.includes(text))
}

/** Errors quote specs and data, which may have control characters in them: none reaches a terminal as itself. */
function shown(text: string): string {
  return printableLines(shortened(text))
}

const longest = 2000

/** A sentence that quotes a line of a megabyte is still a sentence. */
function shortened(text: string): string {
  if (text.length <= longest) return text
  return `${text.slice(0, longest / 2)} ... ${text.slice(-longest / 4)}`
}
