// npm run equality -- write FILE [--part graphs|parameters|commands] [--shard 1/2]: what must stay equal while code is
//   rearranged: lowered graphs and values after one step of every legal combination, parameters after 20 steps of 60 of
//   them, what the built program prints. Without --part all three.
// npm run equality -- compare OLD NEW: every difference; exits with 1 where a value differs by more than 1e-5 or a
//   combination is missing. NEW may hold one part or one shard of OLD: `write new.json --part graphs --shard 1/40` takes
//   a quarter of a minute.
import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { everyCombination, isLegal, resolve } from '../conformance/combinations.js'
import type { WrittenSpec } from '../conformance/variants.js'
import { runCommands } from './commands.js'
import { compare, type Written } from './compare.js'
import { digest } from './onnx.js'
import { type Trained, type TrainedWith, trainBriefly } from './trained.js'

const trainedLonger = 60
const plain: TrainedWith = { steps: 20 }
/** One of them for each combination that is trained longer; plain where a combination refuses it. */
const ways: readonly TrainedWith[] = [plain, { steps: 20, accumulate: 2 }, { steps: 20, decode: 'beam' }]

type InShard = (name: string) => boolean

async function graphs(inShard: InShard): Promise<Record<string, Trained>> {
  const results: Record<string, Trained> = {}
  for (const written of everyCombination().filter(([name]) => inShard(name))) {
    const trained = await trainBriefly(written, { steps: 1 })
    if (trained === undefined) continue
    results[written[0]] = trained
    const count = Object.keys(results).length
    if (count % 100 === 0) console.error(`${count} combinations`)
  }
  return results
}

async function parameters(inShard: InShard): Promise<Record<string, Trained>> {
  const results: Record<string, Trained> = {}
  for (const written of legalSample().filter(([name]) => inShard(name))) {
    for (const way of [wayOf(written), plain]) {
      const trained = await trainBriefly(written, way)
      if (trained === undefined) continue
      results[nameOf(written, way)] = trained
      break
    }
  }
  return results
}

function legalSample(): WrittenSpec[] {
  const sample: WrittenSpec[] = []
  for (const written of everyCombination().toSorted(([a], [b]) => numberOf(a) - numberOf(b))) {
    if (isLegal(resolve(written))) sample.push(written)
    if (sample.length === trainedLonger) break
  }
  return sample
}

function wayOf([name]: WrittenSpec): TrainedWith {
  return ways[numberOf(`way of ${name}`) % ways.length] ?? plain
}

function nameOf([name]: WrittenSpec, { accumulate, decode }: TrainedWith): string {
  return [name, ...(accumulate ? [`accumulate ${accumulate}`] : []), ...(decode ? [decode] : [])].join(' | ')
}

function shardOf(text: string): InShard {
  const [, part, of] = /^(\d+)\/(\d+)$/.exec(text)?.map(Number) ?? []
  if (part === undefined || of === undefined || part < 1 || part > of) {
    throw new RangeError(`--shard takes PART/OF, such as 1/2, not ${text}`)
  }
  return (name) => numberOf(name) % of === part - 1
}

/** By names, so that a shard or a sample of two versions is the same but for what one of them lacks. */
function numberOf(name: string): number {
  return Number.parseInt(digest(name).slice(0, 8), 16)
}

async function write(file: string, part: string | undefined, shard: string): Promise<void> {
  const inShard = shardOf(shard)
  const wanted = (name: string) => part === undefined || part === name
  const written: Written = {
    shard,
    ...(wanted('graphs') ? { graphs: await graphs(inShard) } : {}),
    ...(wanted('parameters') ? { parameters: await parameters(inShard) } : {}),
    ...(wanted('commands') ? { commands: await runCommands() } : {}),
  }
  if (Object.keys(written).length === 1) throw new RangeError(`--part is graphs, parameters or commands, not ${part}`)
  writeFileSync(file, `${JSON.stringify(written, null, 1)}\n`)
  const { shard: _, ...sections } = written
  for (const [name, entries] of Object.entries(sections)) console.error(`${name}: ${Object.keys(entries).length}`)
}

function print(before: string, after: string): void {
  const read = (file: string): Written => JSON.parse(readFileSync(file, 'utf8'))
  const { lines, flagged } = compare(read(before), read(after))
  console.log(lines.join('\n'))
  process.exitCode = flagged === 0 ? 0 : 1
}

const { values, positionals } = parseArgs({
  options: { part: { type: 'string' }, shard: { type: 'string', default: '1/1' } },
  allowPositionals: true,
})
const [verb, first, second] = positionals
if (verb === 'write' && first !== undefined) await write(first, values.part, values.shard)
else if (verb === 'compare' && first !== undefined && second !== undefined) print(first, second)
else throw new RangeError('write FILE [--part graphs|parameters|commands] [--shard 1/2], or compare OLD NEW')
