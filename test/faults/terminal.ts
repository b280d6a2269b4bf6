import { spawn, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { builtRoot } from '../../src/core/package.js'
import { childrenOf, type Findings, folder, orphans } from './harness.js'
import { writeStudy } from './study.js'

const escapeCharacter = String.fromCharCode(27)

interface Shown {
  readonly code: number | null
  readonly sameSettings: boolean
  readonly shown: string
}

/** Point 6 on a real terminal: after Ctrl-C, once or twice, it is as it was, and no line of the live table is left. */
export async function terminal(): Promise<Findings> {
  if (spawnSync('python3', ['-c', 'import pty, os; os.waitstatus_to_exitcode']).status !== 0) {
    return { counts: { 'terminals (skipped: no Python 3.9)': 0 }, problems: [] }
  }
  const problems: string[] = []
  let left = 0
  for (const times of [1, 2]) {
    const { shown, hosts } = await pressed(times)
    left += await orphans(hosts)
    const lines = screen(shown.shown)
    const says = (what: string) => problems.push(`terminal (${times}): ${what}: ${JSON.stringify(lines.slice(-6))}`)
    if (shown.code !== 130) says(`exit code ${shown.code}`)
    if (!shown.sameSettings) says("the terminal's settings were changed")
    if (hosts.length === 0) says('there was no host')
    if (!shown.shown.includes('━') && !shown.shown.includes('─')) says('there was no live table')
    if (lines.some((line) => /[━─]/.test(line))) says('the live table is left on the screen')
    if (!lines.some((line) => line.startsWith('stopping at the next step'))) says('nothing was said of stopping')
    if (['[?25l', '[?1049h'].some((sequence) => shown.shown.includes(`${escapeCharacter}${sequence}`)))
      says('the cursor or the screen was switched')
  }
  if (left > 0) problems.push(`terminal: ${left} hosts were left behind`)
  return { counts: { 'terminals restored after Ctrl-C': 2, orphans: left }, problems }
}

async function pressed(times: number) {
  const out = folder('terminal')
  const study = writeStudy(folder('study'), { steps: 200_000, seeds: 2 })
  const command = [process.execPath, join(builtRoot, 'cli', 'main.js'), 'sweep', study, '--out', out, '--workers', '2']
  const script = join(import.meta.dirname, 'terminal.py')
  const child = spawn('python3', [script, String(times), 'loss', ...command], { stdio: ['pipe', 'pipe', 'inherit'] })
  let hosts: ReturnType<typeof childrenOf> = []
  let shown: Shown = { code: null, sameSettings: false, shown: '' }
  for await (const line of createInterface({ input: child.stdout })) {
    const reported = JSON.parse(line) as { pid: number } | Shown
    if ('pid' in reported) {
      hosts = childrenOf(reported.pid)
      child.stdin.end('\n')
    } else shown = reported
  }
  return { shown, hosts }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character starts every sequence
const pieces = /\u001b\[(\d*)([A-Za-z])|\u001b\[\?\d+[hl]|\r|\n|[^\u001b\r\n]+/g

/** The content of the screen at the end, line by line: text, line feeds, cursor up, erase to the end, colours. */
function screen(text: string): string[] {
  const lines = ['']
  let row = 0
  for (const [piece, count, letter] of text.matchAll(pieces)) {
    if (piece === '\n') row += 1
    else if (letter === 'A') row = Math.max(0, row - Number(count || 1))
    else if (letter === 'J') lines.splice(row, Number.POSITIVE_INFINITY, '')
    else if (!piece.startsWith('\u001b') && piece !== '\r') lines[row] = `${lines[row] ?? ''}${piece}`
    lines[row] ??= ''
  }
  return lines
}
