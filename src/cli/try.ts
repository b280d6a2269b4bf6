import { createInterface } from 'node:readline'
import { SeqlabError } from '../core/errors.js'
import { shellLine } from '../core/shell.js'
import type { DataOptions } from '../data/options.js'
import { answerTo } from '../inference/answer.js'
import { findTrained } from '../inference/find-trained.js'
import { type Member, openMember } from '../inference/member.js'
import { endOnSignals } from './signals.js'
import { answerText } from './text/answer.js'
import { printable } from './text/printable.js'
import { type Colors, colorsFor } from './text/terminal.js'

/** The options of `seqlab try`. */
interface TryFlags {
  readonly out: string
  readonly nbest: number
}

const interrupted = 130
const usualWidth = 80
const linesKept = 500

/** Answers each line that is typed until Ctrl-D (exit code 0) or Ctrl-C (130). */
export async function trySources(name: string, { out, nbest }: TryFlags): Promise<void> {
  refuseWithoutTerminal(name)
  const ending = endOnSignals('stopped')
  const opened = openMember((await findTrained(name, out)).directory)
  try {
    if (opened.parts.task.sides.source === 'values')
      throw new SeqlabError('spec', `The task ${opened.parts.spec.task.type} reads numbers, which are not typed`, {
        hint: `Use ${shellLine(['seqlab', 'predict', name])}.`,
      })
    await converse(opened, nbest)
  } finally {
    await opened.dispose()
    ending.release()
  }
}

function refuseWithoutTerminal(name: string): void {
  if (process.stdin.isTTY && process.stdout.isTTY) return
  throw new SeqlabError('spec', '`seqlab try` needs a terminal', {
    hint: `For files and pipes use ${shellLine(['seqlab', 'predict', name])}.`,
  })
}

/** What is typed after a source. */
function besides({ features, factors }: DataOptions): string {
  if (factors === undefined) return features === undefined ? '' : ', a space, its features'
  const names = [
    ...(features === undefined ? [] : ['its features']),
    ...Object.keys(factors).map((name) => `each token's ${name}`),
  ]
  return names.map((name) => `, a tab, ${name}`).join('')
}

async function converse(opened: Member, count: number): Promise<void> {
  const colors = colorsFor(process.stdout)
  const { label, spec } = opened.parts.description
  process.stdout.write(
    `${printable(label)} (${spec.task.type}): type a source${besides(spec.data)} and Enter; Ctrl-D ends.\n`,
  )
  const typed = createInterface({
    ...{ input: process.stdin, output: process.stdout, prompt: '> ' },
    ...{ historySize: linesKept, removeHistoryDuplicates: true },
  })
  typed.on('SIGINT', () => {
    process.exitCode = interrupted
    typed.close()
  })
  typed.prompt()
  for await (const line of typed) {
    if (line.trim() !== '') process.stdout.write(`${await answer(opened, line, count, colors)}\n`)
    typed.prompt()
  }
  process.stdout.write('\n')
}

async function answer(opened: Member, line: string, count: number, colors: Colors): Promise<string> {
  const made = await answerTo(opened, line, count).catch((error: unknown) => {
    if (error instanceof SeqlabError && error.code === 'data') return error.message
    throw error
  })
  if (typeof made === 'string') return colors.yellow(printable(made))
  return answerText(made, process.stdout.columns || usualWidth, colors)
}
