import { cpSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fromSeed, type Random } from '../../src/core/random.js'
import { findTrials } from '../../src/report/analysis/comparison/read.js'
import type { Plan } from '../../src/spec/types.js'
import { listFiles } from '../../src/store/files.js'
import { readStudy, readTrial } from '../../src/store/index.js'
import { parseLedger } from '../../src/store/study/ledger.js'
import { tinyPlan } from '../runner/support/plan.js'
import { compare, type Findings, folder, inTwoLanes, start, undisturbed } from './harness.js'

/** How a run directory is damaged: of each file's lengths every `stride`-th, and so many flipped bits. */
interface Damage {
  readonly stride: number
  readonly flips: number
}

/**
 * Point 5: every file of a run directory truncated and bits flipped, in this process and for real. With the share 1 at every
 * length; with less at equal steps, from a length drawn at random, and at the first and the last.
 */
export async function corruption(share: number): Promise<Findings> {
  const restarts = Math.ceil(50 * share)
  const damage = { stride: Math.ceil(1 / share), flips: Math.ceil(100 * share) }
  const plan = await tinyPlan('damage', { seeds: 4, steps: 4, every: 2, hidden: [2] })
  const reference = await undisturbed(plan)
  const problems: string[] = []
  const totals = { truncations: 0, flipped: 0 }
  const inProcess = async () => {
    const found = await damageInProcess(reference, plan.trials[0]?.id ?? '', fromSeed(5), damage)
    problems.push(...found.problems)
    Object.assign(totals, { truncations: found.truncations, flipped: found.flipped })
  }
  const random = fromSeed(7)
  const restart = async () => {
    problems.push(...(await restartDamaged(plan, reference, random)))
  }
  // One lane for what is done in this process, the other for processes, until that is done.
  await inTwoLanes([inProcess, ...Array.from({ length: restarts }, () => restart)], (work) => work())
  const counts = { truncations: totals.truncations, 'bits flipped': totals.flipped }
  return { counts: { ...counts, 'restarts on a damaged directory': restarts }, problems }
}

/** A run on a copy in which a file is damaged says so, and does again what the file belongs to, to the same bytes. */
async function restartDamaged(plan: Plan, reference: string, random: Random): Promise<string[]> {
  const outDir = folder('damage')
  const directory = join(outDir, plan.study)
  cpSync(reference, directory, { recursive: true })
  const files = await listFiles(directory)
  const name = files[random.below(files.length)] ?? ''
  damage(join(directory, name), random)
  const coordinator = start({ plan, outDir })
  const code = await coordinator.ended
  const redone = coordinator.reported.filter(({ kind }) => kind === 'trial-finished').length
  const named = coordinator.reported.some(({ kind, message }) => kind === 'warning' && String(message).includes(name))
  return [
    ...(code === 0 ? [] : [`damage: ${name}: exit code ${code}: ${JSON.stringify(coordinator.reported.at(-1))}`]),
    ...(named ? [] : [`damage: ${name} was damaged and nothing was said about it`]),
    ...(redone === (name.includes('/') ? 1 : 0) ? [] : [`damage: ${name}: ${redone} trials were done again`]),
    ...compare(`damage: ${name}`, plan, directory, reference),
  ]
}

/** Truncates to a random length, or flips a random bit. */
function damage(path: string, random: Random): void {
  const bytes = readFileSync(path)
  if (random.uniform() < 0.5) truncateSync(path, random.below(bytes.length))
  else writeFileSync(path, flip(bytes, random.below(bytes.length * 8)))
}

function flip(bytes: Buffer, bit: number): Buffer {
  const flipped = Buffer.from(bytes)
  flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
  return flipped
}

async function damageInProcess(reference: string, id: string, random: Random, { stride, flips }: Damage) {
  const directory = join(folder('damage'), 'study')
  cpSync(reference, directory, { recursive: true })
  const files = (await listFiles(directory)).filter((name) => !name.includes('/') || name.startsWith(id))
  const problems: string[] = []
  const totals = { truncations: 0, flipped: 0 }
  for (const name of files) {
    const path = join(directory, name)
    const whole = readFileSync(path)
    const isLedger = name === 'ledger.jsonl'
    const [shown, compared] = isLedger
      ? [ledgerDetects(whole), ledgerDetects(whole)]
      : [() => detected(directory, id, name), () => detectedByComparison(directory, id, name)]
    const check = async (bytes: Buffer, what: string, detects: Detects) => {
      writeFileSync(path, bytes)
      if (!(await detects(bytes))) problems.push(`damage: ${name} with ${what} was read as good`)
    }
    for (const length of lengthsOf(whole.length, stride, random.below(stride))) {
      await check(whole.subarray(0, length), `${length} of ${whole.length} bytes`, shown)
      totals.truncations += 1
    }
    for (let count = 0; count < flips; count++) {
      const bit = random.below(whole.length * 8)
      for (const detects of [shown, compared]) await check(flip(whole, bit), `bit ${bit} flipped`, detects)
      totals.flipped += 1
    }
    writeFileSync(path, whole)
  }
  return { ...totals, problems }
}

/** Lengths of a truncated file: every `stride`-th from `first` on, and both ends. */
function lengthsOf(whole: number, stride: number, first: number): ReadonlySet<number> {
  const between = Array.from({ length: Math.ceil((whole - first) / stride) }, (_, at) => first + at * stride)
  return new Set(whole === 0 ? [] : [0, ...between, whole - 1])
}

type Detects = (bytes: Buffer) => boolean | Promise<boolean>

/** Whether the reader of `show` names the file and shows no result of the trial that it belongs to. */
async function detected(directory: string, id: string, name: string): Promise<boolean> {
  if (!name.includes('/')) return readStudy(directory).problem?.message.includes(name) ?? false
  const { record, problems } = await readTrial(join(directory, id))
  return record === undefined && problems.some((problem) => problem.includes(name))
}

/** The same of the reader of `compare`, for the files that it reads. */
async function detectedByComparison(directory: string, id: string, name: string): Promise<boolean> {
  if (!comparedFiles.some((file) => name.endsWith(file))) return true
  const { trials, skipped } = await findTrials(name.includes('/') ? [join(directory, id)] : [directory])
  const named = skipped.some(({ reason }) => reason.includes(name))
  return named && (!name.includes('/') || trials.length === 0)
}

const comparedFiles = [
  'study.json',
  'manifest.json',
  'record.json',
  'metrics.jsonl',
  'predictions.jsonl',
  'evaluation.json',
]

/** A ledger cut at a line's end is a shorter, whole ledger: then a line is gone, and nothing else has changed. */
function ledgerDetects(whole: Buffer): (bytes: Buffer) => boolean {
  const before = parseLedger(whole, 'ledger.jsonl').entries
  return (bytes) => {
    const { entries, problems } = parseLedger(bytes, 'ledger.jsonl')
    const cut = whole.subarray(0, bytes.length).equals(bytes)
    const prefix = JSON.stringify(entries) === JSON.stringify(before.slice(0, entries.length))
    return (
      problems.some((problem) => problem.includes('ledger.jsonl')) ||
      (cut && prefix && bytes.at(-1) === 10) ||
      bytes.length === 0
    )
  }
}
