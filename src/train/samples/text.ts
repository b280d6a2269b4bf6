import { jsonLine } from '../../core/json.js'
import type { Sampled } from '../../task/evaluate.js'
import type { ExamplesLine, SampledValidation, SamplesLine } from '../types.js'
import { fullRoom, halved, type Room, shortExample, shortOutput } from './shorten.js'

// samples.jsonl is only ever longer, and shorter than this however often and however much is validated.
const mostSamplesBytes = 1_000_000
/** Of one line: where it would be longer, less of each example is kept. */
const mostLineBytes = 65_536
/** Room for what may be beyond the limit: the line that reaches it, the last validation, and that of a mean. */
const reservedBytes = 3 * mostLineBytes

/** What of the file decides what it takes: its length, and that of its last line. */
export interface SamplesSize {
  readonly bytes: number
  readonly lastLine: number
}

/**
 * What a validation adds to samples.jsonl: '' where it is left out. The k-th of N is kept where another line like the last
 * one stays within a limit that grows with log(1 + k) / log(1 + N): each time that training doubles has the same share, so
 * that its beginning, where most changes, is shown closely. The last one is kept. What is kept follows from the file so far,
 * k and N, and so not from where training was interrupted; of what is left out nothing is made.
 */
export function addedSamples({ bytes, lastLine }: SamplesSize, validation: SampledValidation): string {
  if (!validation.isLast && bytes + lastLine > limitOf(validation)) return ''
  const head = bytes === 0 ? fitted((room) => examplesLine(validation.samples, room)) : ''
  return head + fitted((room) => samplesLine(validation, room))
}

function limitOf({ number, planned }: SampledValidation): number {
  const share = Math.min(1, Math.log2(1 + number) / Math.log2(1 + planned))
  return mostLineBytes + (mostSamplesBytes - reservedBytes - mostLineBytes) * share
}

function examplesLine(samples: readonly Sampled[], room: Room): ExamplesLine {
  return { kind: 'examples', schemaVersion: 1, examples: samples.map((sample) => shortExample(sample, room)) }
}

function samplesLine({ line, samples }: SampledValidation, room: Room): SamplesLine {
  return { ...line, outputs: samples.map((sample) => shortOutput(sample, room)) }
}

/** A line with as much of each example as fits. */
function fitted(line: (room: Room) => ExamplesLine | SamplesLine): string {
  for (let room = fullRoom; ; room = halved(room)) {
    const text = `${jsonLine(line(room))}\n`
    if (Buffer.byteLength(text) <= mostLineBytes || room.symbols === 0) return text
  }
}
