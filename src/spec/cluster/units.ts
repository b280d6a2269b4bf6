// Durations and sizes as people write them: `90s`, `4h`, `1d`, `8GiB`.

const unitMs: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }
const unitBytes: Readonly<Record<string, number>> = { MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 }

/** What a schema says of a duration, and of a size: zero is neither (Slurm takes `--mem=0` for all that a node has). */
export const durationPattern = '^(?=.*[1-9])[0-9]{1,6}(\\.[0-9]{1,3})?(s|m|h|d)$'
export const sizePattern = '^(?=.*[1-9])[0-9]{1,6}(\\.[0-9]{1,3})?(MiB|GiB|TiB)$'

/** `1.5h` in milliseconds; the text matches `durationPattern`. */
export function durationMs(text: string): number {
  return Number.parseFloat(text) * (unitMs[text.slice(-1)] ?? Number.NaN)
}

/** `8GiB` in bytes; the text matches `sizePattern`. */
export function sizeBytes(text: string): number {
  return Number.parseFloat(text) * (unitBytes[text.slice(-3)] ?? Number.NaN)
}
