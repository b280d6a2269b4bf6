import { SeqlabError } from '../core/errors.js'
import { findTrained } from '../inference/find-trained.js'
import { readLines } from '../inference/lines/read-lines.js'
import { type Member, openMember } from '../inference/member.js'
import { type GivenPair, pairFormatOf, pairsInLines, pairsOfSource } from '../inference/score/given-pairs.js'
import type { PairFormat } from '../inference/score/pair-formats.js'
import { scoreEach } from '../inference/score/score-lines.js'
import { scorerOf } from '../inference/score/score-model.js'
import { type ScoreFormat, scoreHead, scoreLine } from '../inference/score/write-scores.js'
import { endOnSignals } from './signals.js'
import { input, printer } from './streams.js'
import { printable } from './text/printable.js'

/** The options of `seqlab score`. */
interface ScoreFlags {
  readonly out: string
  readonly input?: PairFormat | undefined
  readonly output: ScoreFormat
  readonly onError: 'fail' | 'skip'
  readonly alignments: boolean
  readonly batchSize: number
}

/** Scores the pairs of a file and prints the results as they come. */
export async function scoreFile(name: string, file: string, flags: ScoreFlags): Promise<void> {
  if (flags.alignments && flags.output === 'tsv')
    throw new SeqlabError('spec', '--alignments has no place in --output tsv', { hint: 'Use --output jsonl.' })
  const ending = endOnSignals('stopped; every line that was printed is whole')
  const opened = openMember((await findTrained(name, flags.out)).directory)
  try {
    scorerOf(opened.parts)
    const print = printer(ending)
    if (!(await print(scoreHead(flags.output)))) return
    let known = 0
    for await (const result of scoreEach(opened, await pairsOf(opened, file, flags), flags)) {
      known++
      report(result, nameOf(file))
      if (!(await print(scoreLine(result, flags.output)))) return
    }
    if (known === 0) throw new SeqlabError('data', `${nameOf(file)} has no line`, { hint: 'Give one pair a line.' })
  } finally {
    // A pipe that goes on would keep the program alive.
    if (file === '-') process.stdin.destroy()
    await opened.dispose()
    ending.release()
  }
}

function nameOf(file: string): string {
  return file === '-' ? 'stdin' : file
}

async function pairsOf(
  { parts }: Member,
  file: string,
  { input: asked }: ScoreFlags,
): Promise<AsyncIterable<GivenPair>> {
  const format = asked ?? pairFormatOf(parts.task.sides, parts.spec)
  if (format !== 'source') {
    const lines = readLines(
      input(file, 'Type a source, a tab and an output for each score; Ctrl-D ends.'),
      nameOf(file),
    )
    return pairsInLines(lines, format, parts.spec, nameOf(file))
  }
  if (file === '-') throw new SeqlabError('spec', '--input source reads files: name one')
  const pairs = await pairsOfSource([file], parts.spec)
  return (async function* () {
    yield* pairs
  })()
}

/** What is skipped, and pairs of which the model knows nothing, on stderr. */
function report(result: Parameters<typeof scoreLine>[0], name: string): void {
  if ('skipped' in result) process.stderr.write(`skipped: ${printable(result.skipped)}\n`)
  else if (result.scored.isUnknown)
    process.stderr.write(`${name}:${result.number}: the model knows none of its symbols\n`)
}
