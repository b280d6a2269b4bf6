import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { DecodeOptions } from '../../src/decode/index.js'
import { evaluateRun } from '../../src/inference/evaluation/evaluate-run.js'
import type { PredictionLine } from '../../src/train/types.js'
import { trainTiny } from '../support/trained-runs.js'

// The alignments of the worst mistakes come from a second pass: they are those of the first, which small sets keep whole.
let folder = ''
let run = ''
/** Numbers to the base of six, so that none is there twice. */
const words = Array.from({ length: 70 }, (_, at) =>
  [...(37 + 13 * at).toString(6)].map((digit) => 'abcdef'[Number(digit)]).join(''),
)

beforeAll(async () => {
  folder = await trainTiny('transduce')
  const study = join(folder, 'runs', 'transduce')
  run = join(study, readdirSync(study).find((name) => /^[0-9a-f]{16}$/.test(name)) ?? '')
}, 60_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function evaluated(name: string, sources: readonly string[], decode: DecodeOptions) {
  const file = join(folder, `${name}.tsv`)
  writeFileSync(file, sources.map((word) => `${word}\t${[...word].reverse().join('')}\n`).join(''))
  const request = { run, outDir: folder, into: join(folder, name), versions: {}, decode }
  return (await evaluateRun({ ...request, test: { files: [file] } })).predictions
}

const source = ({ source }: PredictionLine) => source.join('')

const beam = { type: 'beam', lengthNormalisation: 0, nBest: 1 } as const
const searches: readonly DecodeOptions[] = [
  { type: 'greedy' },
  { ...beam, width: 3 },
  { ...beam, width: 4, lengthNormalisation: 1, nBest: 2 },
]

it.each(searches.map((decode) => ({ decode })))('$decode', async ({ decode }) => {
  const all = await evaluated('all', words, decode)
  const mistakes = all.filter(({ kept }) => kept === 'mistake')
  expect(mistakes.length).toBeGreaterThan(10)
  const alone = await evaluated('alone', mistakes.map(source), decode)
  expect(alone.map(({ kept }) => kept)).toEqual(mistakes.map(() => 'sampled'))
  for (const [at, { hypothesis, alignment = [], score }] of mistakes.entries()) {
    expect(alone[at]?.hypothesis).toEqual(hypothesis)
    expect(alone[at]?.score).toBeCloseTo(score, 5)
    expect(alignment).toHaveLength(alone[at]?.alignment?.length ?? -1)
    for (const [row, weights] of alignment.entries())
      for (const [column, weight] of weights.entries())
        expect(weight).toBeCloseTo(alone[at]?.alignment?.[row]?.[column] ?? Number.NaN, 5)
  }
})
