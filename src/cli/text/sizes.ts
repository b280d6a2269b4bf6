import { counted } from '../../report/format/grammar.js'
import { type FolderSize, type PrunedStudy, type StudySize, totalBytes } from '../../store/index.js'
import { printable } from './printable.js'
import { table, widthOf } from './table.js'
import { colorsFor } from './terminal.js'

/** A line of JSON for each study. */
export function sizeLines(studies: readonly StudySize[]): string {
  return studies.map((study) => `${JSON.stringify(study)}\n`).join('')
}

/** A row for each study, for a terminal; sums last. */
export function sizeTable(studies: readonly StudySize[]): string {
  if (studies.length === 0) return 'no runs yet'
  const colors = colorsFor(process.stdout)
  const head = ['study', 'trials', 'models', 'checkpoints', 'other', 'total'].map((cell) => colors.dim(cell))
  const rows = studies.map(({ study, trials, bytes }) => [
    { text: printable(study) },
    String(trials),
    ...sizeCells(bytes),
  ])
  const sum = studies.reduce(
    (all, { bytes }) => ({
      model: all.model + bytes.model,
      checkpoint: all.checkpoint + bytes.checkpoint,
      other: all.other + bytes.other,
    }),
    { model: 0, checkpoint: 0, other: 0 },
  )
  const last = studies.length > 1 ? [[{ text: colors.dim('all') }, '', ...sizeCells(sum)]] : []
  return table([head, ...rows, ...last], { width: widthOf(process.stdout), head: true })
}

function sizeCells(bytes: FolderSize): string[] {
  return [bytes.model, bytes.checkpoint, bytes.other, totalBytes(bytes)].map(bytesText)
}

/** What `prune` removed, or would remove. */
export function prunedText({ directory, trials, bytes, left }: PrunedStudy, dryRun: boolean): string {
  const { checkpoints, attempts, alignments } = bytes
  const all = bytesText(checkpoints + attempts + alignments)
  const parts = { checkpoints, attempts, alignments }
  const named = Object.entries(parts).map(([name, count]) => `${name} ${bytesText(count)}`)
  const what = `${printable(directory)}: ${dryRun ? 'would free' : 'freed'} ${all} in ${counted(trials, 'trial')}`
  return [`${what} (${named.join(', ')})`, ...left.map((line) => `left: ${printable(line)}`), ''].join('\n')
}

/** `0 B`, `12 kB`, `3.4 MB`, `1.2 GB`: powers of 1000. */
function bytesText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3))
  const value = bytes / 1000 ** power
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[power] ?? 'B'}`
}
