import picocolors from 'picocolors'

export type Colors = ReturnType<typeof picocolors.createColors>

/** The part of a stream that commands use: process.stderr, process.stdout, or a test's own. */
export interface Output {
  readonly isTTY?: boolean
  readonly columns?: number
  readonly rows?: number
  write(text: string): unknown
}

/** Colour only on a terminal, never with NO_COLOR. */
export function colorsFor(output: Output, env: NodeJS.ProcessEnv = process.env): Colors {
  const wanted = output.isTTY === true && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb'
  return picocolors.createColors(wanted)
}
