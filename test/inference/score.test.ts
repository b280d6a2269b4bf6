import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Member, openMember } from '../../src/inference/member.js'
import { openModel } from '../../src/inference/open-model.js'
import type { ModelOutput } from '../../src/inference/outputs.js'
import { type GivenPair, pairsInLines, pairsOfSource } from '../../src/inference/score/given-pairs.js'
import { scoreEach } from '../../src/inference/score/score-lines.js'
import { readPair, scorePairs, scorerOf } from '../../src/inference/score/score-model.js'
import { scoreLine } from '../../src/inference/score/write-scores.js'
import { withExportedForm } from '../support/exported-model.js'

const tasks = ['transduce', 'generate', 'tag', 'classify', 'language-model', 'forecast']
const models = new Map<string, string>()
const opened = new Map<string, Member>()

beforeAll(async () => {
  for (const task of tasks) {
    const folder = await withExportedForm(task)
    models.set(task, folder)
    opened.set(task, openMember(folder))
  }
})
afterAll(async () => {
  for (const model of opened.values()) await model.dispose()
  for (const folder of models.values()) rmSync(folder, { recursive: true })
})

function modelOf(task: string): Member {
  const model = opened.get(task)
  if (model === undefined) throw new RangeError(`There is no model of ${task}`)
  return model
}

/** Sources that a model knows. */
function sourcesOf({ parts: { description, sizes } }: Member, count: number): string[] {
  const symbols = description.vocabularies.source?.symbols.slice(4) ?? []
  return Array.from({ length: count }, (_, line) =>
    Array.from(
      { length: Math.min(1 + (line % 6), sizes.longestSource) },
      (_, at) => symbols[(line * (at + 3) + at) % symbols.length],
    ).join(description.joiners.source),
  )
}

async function predicted(task: string, sources: readonly string[]): Promise<readonly ModelOutput[]> {
  const model = await openModel(models.get(task) ?? '')
  try {
    return await model.predict(sources)
  } finally {
    await model.dispose()
  }
}

const pairsOf = (sources: readonly string[], outputs: readonly ModelOutput[]) =>
  sources.map((source, at) => ({ source, target: outputs[at]?.text ?? '', where: `line ${at + 1}` }))

describe.each(['transduce', 'generate', 'tag', 'classify'])('%s', (task) => {
  it('scores what the model predicts as the model does, whatever it is scored together with', async () => {
    const model = modelOf(task)
    const sources = sourcesOf(model, 20)
    const outputs = await predicted(task, sources)
    // Cut at the limit, an output has no end that its own score counts.
    const limit = 2 * model.parts.sizes.longestTarget + 5
    const whole = pairsOf(sources, outputs).filter((_, at) => {
      const { tokens = [] } = outputs[at] ?? {}
      return tokens.length > 0 && tokens.length < limit
    })
    expect(whole.length).toBeGreaterThan(5)
    const pairs = whole.map((pair) => readPair(model.parts, pair))
    const scores = await scorePairs(model, pairs, { alignments: false })
    for (const [at, { score }] of scores.entries()) {
      const own = outputs[sources.indexOf(String(whole[at]?.source))]
      expect(score).toBeCloseTo(own?.score ?? Number.NaN, 5)
    }
    const [first] = pairs
    if (first === undefined) throw new Error('there is no pair')
    const [alone] = await scorePairs(model, [first], { alignments: false })
    expect(alone).toEqual(scores[0])
  })
})

describe('scores', () => {
  it('are sums over symbols, the end among them, with a row of the alignment each', async () => {
    const model = modelOf('transduce')
    const [source = ''] = sourcesOf(model, 1)
    const pair = readPair(model.parts, { source, target: 'abc', where: 'line 1' })
    const [scored] = await scorePairs(model, [pair], { alignments: true })
    expect(scored?.symbols.at(-1)).toBe('<eos>')
    expect(scored?.logProbs).toHaveLength(scored?.symbols.length ?? 0)
    expect(scored?.score).toBe(scored?.logProbs.reduce((sum, value) => sum + value, 0))
    expect(scored?.alignment).toHaveLength(scored?.symbols.length ?? 0)
    expect(scored?.alignment?.[0]).toHaveLength(scored?.source.length ?? 0)
    for (const row of scored?.alignment ?? []) expect(row.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 4)
  })

  it('of the labels of one source are the logarithms of a distribution', async () => {
    const model = modelOf('classify')
    const [source = ''] = sourcesOf(model, 1)
    const labels = model.parts.description.vocabularies.target?.symbols ?? []
    const pairs = labels.map((target) => readPair(model.parts, { source, target, where: 'line 1' }))
    const scores = await scorePairs(model, pairs, { alignments: false })
    expect(scores.reduce((sum, { score }) => sum + Math.exp(score), 0)).toBeCloseTo(1, 5)
  })

  it("of a language model's lines are those of the text itself", async () => {
    const model = modelOf('language-model')
    const sources = sourcesOf(model, 3)
    const pairs = sources.map((source) => readPair(model.parts, { source, target: '', where: 'line 1' }))
    const scores = await scorePairs(model, pairs, { alignments: false })
    for (const { symbols, source, score } of scores) {
      expect(symbols).toEqual([...source, '<eos>'])
      expect(score).toBeLessThan(0)
    }
  })

  it('are none of a forecast', () => {
    expect(() => scorerOf(modelOf('forecast').parts)).toThrow('gives numbers, which have no probability')
  })
})

async function* lines(...texts: readonly string[]) {
  for (const [at, text] of texts.entries()) yield { number: at + 1, text }
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = []
  for await (const item of items) collected.push(item)
  return collected
}

const settings = { alignments: false, batchSize: 2, onError: 'skip' } as const

describe('pairs', () => {
  it.each<['tsv' | 'jsonl', string]>([
    ['tsv', 'abc\tcba'],
    ['jsonl', '{"source":"abc","target":"cba","id":7}'],
  ])('are read from %s: %s', async (format, text) => {
    const [pair] = await all(pairsInLines(lines(text), format, modelOf('transduce').parts.spec, 'stdin'))
    if (pair === undefined || 'problem' in pair) throw new Error('it cannot be read')
    expect(readPair(modelOf('transduce').parts, pair)).toEqual({ source: [...'abc'], target: [...'cba'] })
  })

  it.each([
    ['classify', 'a source and the label given for it'],
    ['tag', 'a source and the tags given for it'],
    ['transduce', 'a source and the output given for it'],
  ])('a line of %s with a source alone is told what is scored', async (task, what) => {
    const { spec } = modelOf(task).parts
    const hint = expect.stringContaining(`A model of the task ${task} scores ${what}`)
    const [pair] = await all(pairsInLines(lines('abc'), 'tsv', spec, 'stdin'))
    expect(pair).toMatchObject({ problem: { hint } })
    await expect(all(pairsInLines(lines('abc'), 'text', spec, 'stdin'))).rejects.toMatchObject({ hint })
  })

  it.each<['tsv' | 'jsonl' | 'text', string, string, string]>([
    ['tsv', 'transduce', 'abc', 'stdin:1: the line has too few columns; expected at least 2, received 1'],
    ['tsv', 'transduce', '\tabc', 'stdin:1: empty source cannot be scored'],
    ['tsv', 'transduce', 'abc\t', 'stdin:1: empty target cannot be scored'],
    ['jsonl', 'transduce', '{"source":1}', 'stdin:1: there is no "target"'],
    ['jsonl', 'transduce', '[', 'stdin:1: the line is no JSON object'],
    ['tsv', 'tag', 'a b\tlow', 'stdin:1: each source token needs one label; expected 2 labels for "a b", received 1'],
    ['tsv', 'classify', 'abc\tnever', 'stdin:1: "never" is no label of the model'],
    ['text', 'language-model', '', 'stdin:1: empty source cannot be scored'],
  ])('%s of %s: %j is skipped, or ends', async (format, task, text, message) => {
    const model = modelOf(task)
    const given = () => pairsInLines(lines(text), format, model.parts.spec, 'stdin')
    const [result] = await all(scoreEach(model, given(), settings))
    expect(result).toMatchObject({ number: 1, skipped: expect.stringContaining(message) })
    if (result !== undefined) expect(scoreLine(result, 'tsv')).toMatch(/^1\t\t\t0\t/)
    await expect(all(scoreEach(model, given(), { ...settings, onError: 'fail' }))).rejects.toThrow(message)
  })

  it('keep their order and numbers around those that are skipped', async () => {
    const given = pairsInLines(
      lines('ab\tba', 'x', 'abc\tcba', 'cc\tcc'),
      'tsv',
      modelOf('transduce').parts.spec,
      'stdin',
    )
    const results = await all(scoreEach(modelOf('transduce'), given, settings))
    expect(results.map((result) => [result.number, 'skipped' in result])).toEqual([
      [1, false],
      [2, true],
      [3, false],
      [4, false],
    ])
    const [first] = results
    if (first === undefined || 'skipped' in first) throw new Error('it was skipped')
    const [line, score, perSymbol, symbols] = scoreLine(first, 'tsv').split('\t')
    expect([line, symbols]).toEqual(['1', '3'])
    expect(Number(perSymbol)).toBeCloseTo(Number(score) / 3, 12)
    expect(JSON.parse(scoreLine(first, 'jsonl'))).toMatchObject({ line: 1, symbols: ['b', 'a', '<eos>'], unknown: 0 })
  })

  it('count what the model does not know, of the source and of the output', async () => {
    const given = pairsInLines(lines('öa\tö'), 'tsv', modelOf('transduce').parts.spec, 'stdin')
    const [result] = await all(scoreEach(modelOf('transduce'), given, settings))
    expect(result).toMatchObject({ scored: { unknown: 2, isUnknown: false } })
  })

  it("are read as the run's own source has them", async () => {
    const folder = mkdtempSync(join(tmpdir(), 'seqlab-pairs-'))
    const { spec } = modelOf('tag').parts
    const tagged = {
      ...spec,
      data: { ...spec.data, source: { type: 'tagged', format: 'columns', target: 'tags' } as const },
    }
    const file = join(folder, 'pairs.txt')
    writeFileSync(file, 'a low\nd high\n\nb low\n')
    const pairs: GivenPair[] = await pairsOfSource([file], tagged)
    expect(pairs).toMatchObject([
      { number: 1, source: ['a', 'd'], target: ['low', 'high'] },
      { number: 2, source: ['b'], target: ['low'] },
    ])
    rmSync(folder, { recursive: true })
  })
})
