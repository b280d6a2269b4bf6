import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEngine } from '../../src/engine/index.js'
import type { Engine } from '../../src/engine/types.js'
import { train } from '../../src/index.js'
import { answerTo } from '../../src/inference/answer.js'
import { exportRun } from '../../src/inference/export.js'
import { predictLines } from '../../src/inference/lines/predict-lines.js'
import { type InputLine, readLines } from '../../src/inference/lines/read-lines.js'
import { type InputFormat, inputFormatOf } from '../../src/inference/lines/sources.js'
import { openMember } from '../../src/inference/member.js'
import { openModel } from '../../src/inference/open-model.js'
import { pairFormatOf, pairsInLines, pairsOfSource } from '../../src/inference/score/given-pairs.js'
import { readPair, scorePairs } from '../../src/inference/score/score-model.js'
import { expectSamePredictions } from '../support/exported-predictions.js'
import { pythonWith } from '../support/python.js'

// A trial runs in a process of the built program (`npm test` builds first).
const folder = mkdtempSync(join(tmpdir(), 'seqlab-factors-'))
let engine: Engine
let directory = ''

/** XPOS from words, UPOS and FEATS, which may be several. */
const own = [
  'data.source.target=XPOS',
  'data.source.factors.feats=FEATS',
  'model.source.factors.feats={type: embedding, size: 6}',
  'model.source.characters=null',
]

async function trained(...set: readonly string[]) {
  const few = ['train.steps=15', 'train.validate.every=15', 'data.limit.dev=10', 'data.limit.test=10', ...own, ...set]
  const { directory: study, records } = await train('configs/morphology-conllu.yaml', { out: folder, set: few }).outcome
  return { record: records[0], directory: join(study, records[0]?.trialId ?? '') }
}

beforeAll(async () => {
  engine = await createEngine('tfjs-cpu', { threads: 1 })
  directory = (await trained()).directory
})
afterAll(async () => {
  await engine.dispose()
  rmSync(folder, { recursive: true })
})

const factors = (pos: string, feats: string) => ({ pos, feats })
const sources = [
  { source: 'the krins vasked .', factors: factors('DET NOUN VERB PUNCT', '_ Number=Plur Tense=Past|VerbForm=Fin _') },
  // Unknown words; more values than any token of training has, one of them unknown.
  { source: 'pavened', factors: factors('VERB', 'Tense=Past|VerbForm=Fin|Number=Plur|X=Y') },
  { source: ['pavened', 'x'], factors: { pos: ['NOUN', 'X'], feats: ['Number=Plur', '_'] } },
]
const python = pythonWith('numpy, onnxruntime')

async function linesRead(text: string, format: InputFormat) {
  const model = await openModel(directory)
  const options = { input: format, name: 'f', batchSize: 8, onError: 'fail' } as const
  const found: (readonly [number, string])[] = []
  try {
    const lines: AsyncIterable<InputLine> = readLines(chunks(text), 'f')
    for await (const result of predictLines(model, lines, options))
      found.push([result.number, 'output' in result ? result.output.source.join(' ') : result.skipped])
  } finally {
    await model.dispose()
  }
  return found
}

async function* chunks(text: string) {
  yield Buffer.from(text)
}

const conllu = `# text = krins vasked
1	krins	_	NOUN	_	Number=Plur	_	_	_	_
2	vasked	_	VERB	_	_	_	_	_	_

# a comment alone

1	the	_	DET	_	_	_	_	_	_
`

describe('a model that reads factors of tokens', () => {
  it('predicts in its exported form what the reference engine predicts, each source by itself', async () => {
    const [exported, traced] = [await openModel(directory), await openModel(directory, { engine })]
    await expectSamePredictions(exported, traced, sources)
    await exported.dispose()
    await traced.dispose()
  })

  it.skipIf(python === undefined)("predicts the same by predict.py, in Python's ONNX Runtime", async () => {
    const onnx = join(folder, 'onnx')
    await exportRun(directory, onnx)
    const joined = (text: string | readonly string[]) => [text].flat().join(' ')
    const rows = sources.map(({ source, factors }) => [source, factors.pos, factors.feats].map(joined).join('\t'))
    const run = (input: string) => spawnSync(python ?? '', [join(onnx, 'predict.py')], { input, encoding: 'utf8' })
    const model = await openModel(directory)
    const outputs = await model.predict(sources)
    await model.dispose()
    expect(
      run(`${rows.join('\n')}\n`)
        .stdout.split('\n')
        .slice(0, -1),
    ).toEqual(outputs.map(({ text }) => text))
    expect(run('krins\n').stderr).toContain('line 1: expected 2 texts after the source')
    expect(run('krins x\tNOUN\t_ _\n').stderr).toContain('each token needs one pos: received 1 for 2 tokens')
  })

  it('refuses a source without them, or with others, with a sentence', async () => {
    const model = await openModel(directory)
    const expected =
      'it cannot be read: expected text and pos, feats of each token: the model was trained with some, received'
    expect(model.refuses('krins')).toBe(`${expected} text alone`)
    expect(model.refuses({ source: 'krins', factors: { pos: 'NOUN' } })).toBe(`${expected} no feats`)
    expect(model.refuses({ source: 'krins', factors: { ...factors('NOUN', '_'), x: 'y' } })).toContain('without x')
    expect(model.refuses({ source: 'krins x', factors: factors('NOUN', '_ _') })).toContain(
      'each source token needs one pos',
    )
    await model.dispose()
  })

  it('reads CoNLL-U, and objects by the names of factors; a line of text has no place for them', async () => {
    const { parts } = openMember(directory)
    expect([inputFormatOf(parts.spec), pairFormatOf(parts.task.sides, parts.spec)]).toEqual(['conllu', 'source'])
    expect(await linesRead(conllu, 'conllu')).toEqual([
      [1, 'krins vasked'],
      [7, 'the'],
    ])
    const object = JSON.stringify({ source: ['krins', 'x y'], pos: 'NOUN X', feats: ['_', ''] })
    expect(await linesRead(`${object}\n`, 'jsonl')).toEqual([[1, 'krins x y']])
    await expect(linesRead('krins\n', 'text')).rejects.toThrow('f:1: the model reads pos, feats of each token')
    await expect(linesRead('krins\tNOUN\n', 'tsv')).rejects.toThrow('its own data are no tsv')
    await expect(linesRead('krins NOUN\n', 'tagged')).rejects.toThrow('its own data are no tagged')
    await expect(linesRead(conllu.replace('2\tvasked', '3\tvasked'), 'conllu')).rejects.toThrow('f:3:')
    await expect(linesRead('{"source": "a", "pos": "X"}\n', 'jsonl')).rejects.toThrow('there is no "feats"')
  })

  it('scores pairs of its own format and of objects, and answers what is typed', async () => {
    const member = openMember(directory)
    const { parts } = member
    const file = join(folder, 'pairs.conllu')
    writeFileSync(file, conllu.replaceAll(/\t_\t(DET|NOUN|VERB)\t_\t/g, '\t_\t$1\tNN\t'))
    const [pair] = await pairsOfSource([file], parts.spec)
    const object = { source: 'krins vasked', target: 'NN NN', pos: 'NOUN VERB', feats: 'Number=Plur _' }
    const lines = readLines(chunks(JSON.stringify(object)), 'f')
    const examples = []
    for await (const each of pairsInLines(lines, 'jsonl', parts.spec, 'f')) examples.push(each)
    const scored = []
    for (const each of [pair, ...examples]) {
      if (each === undefined || 'problem' in each) throw new Error('no pair')
      scored.push(...(await scorePairs(member, [readPair(parts, each)], { alignments: false })))
    }
    expect(scored).toHaveLength(2)
    expect(scored[1]).toEqual(scored[0])
    const typed = await answerTo(member, 'krins vasked\tNOUN VERB\tNumber=Plur _', 1)
    expect(typeof typed === 'string' ? typed : typed.output.tokens.length).toBe(2)
    expect(await answerTo(member, 'krins\tNOUN', 1)).toContain('received no feats')
    await member.dispose()
  })

  it('starts from another whose values are others, and says in its folder what its values are', async () => {
    const from = `train.init.from=${directory}`
    const { record } = await trained(from, 'data.limit.train=30', 'train.steps=1', 'train.validate.every=1')
    expect(record?.status).toBe('completed')
    expect(record?.sizes?.attributes?.feats).toMatchObject({ several: true })
    const described = JSON.parse(readFileSync(join(directory, 'model', 'model.json'), 'utf8'))
    expect(described.vocabularies.attributes.pos.symbols).toContain('NOUN')
    expect(described.sizes.longestAttributes).toEqual({ pos: 1, feats: 3 })
  })
})
