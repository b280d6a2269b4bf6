import { addedSamples } from '../../train/samples/text.js'
import type { SampledValidation } from '../../train/types.js'
import type { FileDigest } from '../files.js'
import { type LinesLog, openLinesLog } from './lines-log.js'

/** samples.jsonl of one attempt; there is no such file before its first line. */
interface SamplesLog {
  add(validation: SampledValidation): void
  /** As of a log of lines; undefined where there is no file. */
  sync(): FileDigest | undefined
  close(): void
}

/** `before`: what an earlier attempt had written up to its checkpoint. */
export function openSamplesLog(path: string, before: Buffer | undefined): SamplesLog {
  let log: LinesLog | undefined = before && openLinesLog(path, before)
  let lastLine = before === undefined ? 0 : lastLineBytes(before)
  return {
    add: (validation) => {
      const text = Buffer.from(addedSamples({ bytes: log?.bytes ?? 0, lastLine }, validation))
      if (text.length === 0) return
      log ??= openLinesLog(path)
      log.append(text)
      lastLine = lastLineBytes(text)
    },
    sync: () => log?.sync(),
    close: () => log?.close(),
  }
}

/** Of whole lines: bytes of the last one, its end included. */
function lastLineBytes(lines: Buffer): number {
  return lines.length - 1 - lines.lastIndexOf(10, -2)
}
