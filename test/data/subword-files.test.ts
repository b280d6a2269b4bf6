import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SeqlabError } from '../../src/core/errors.js'
import { loadDataset } from '../../src/data/load.js'
import type { DataOptions } from '../../src/data/options.js'
import { subwordTokenizer } from '../../src/data/tokenizers/subwords/encode.js'
import { fromTokenizerJson } from '../../src/data/tokenizers/subwords/from-json.js'
import { fromSentencepiece } from '../../src/data/tokenizers/subwords/from-sentencepiece.js'
import { learnBpe } from '../../src/data/tokenizers/subwords/learn-bpe.js'
import { learnUnigram } from '../../src/data/tokenizers/subwords/learn-unigram.js'
import { predictScript } from '../../src/inference/exported/predict-script.js'
import { folder, pairs } from '../support/data.js'
import { pythonWith } from '../support/python.js'

const goldens = 'test/goldens/tokenizers'
const lines: readonly string[] = JSON.parse(readFileSync(`${goldens}/goldens.json`, 'utf8')).lines
const model = readFileSync(`${goldens}/unigram.model`)
const json = readFileSync(`${goldens}/metaspace.json`, 'utf8')

/** The dataset of 40 lines that a tokenizer's file cuts. */
async function loaded(file: string | Uint8Array) {
  const made = await folder({})
  await writeFile(join(made.baseDir, 'file'), file)
  const tokens = { type: 'tokenizer-file', path: 'file', lowercase: false, normalise: 'none', minFrequency: 1 } as const
  const source = { type: 'inline' as const, examples: lines.slice(0, 40).map((line): [string, string] => [line, line]) }
  const options: DataOptions = { source, sourceTokens: tokens, targetTokens: tokens, split: { dev: 5, test: 5 } }
  return loadDataset(options, pairs, { baseDir: made.baseDir }).finally(() => made.remove())
}

test('a file is read, its pieces are those of training, and it is part of the dataset', async () => {
  const { joiners, learned, sourceVocabulary, digests } = await loaded(model)
  expect(joiners).toEqual({ source: '▁', target: '▁' })
  expect(learned?.source?.algorithm).toBe('unigram')
  expect(learned?.source).toEqual(learned?.target)
  // As a model's folder has it: warm start and ensembles compare what was read back.
  expect(isDeepStrictEqual(JSON.parse(JSON.stringify(learned)), learned)).toBe(true)
  expect(sourceVocabulary?.symbols.length).toBeLessThan(learned?.source?.pieces.length ?? 0)
  const other = await loaded(readFileSync(`${goldens}/bpe.model`))
  expect(other.digests.training).not.toBe(digests.training)
  expect(isDeepStrictEqual(JSON.parse(JSON.stringify(other.learned)), other.learned)).toBe(true)
  // Bytes may come up that training does not have.
  expect(other.sourceVocabulary?.symbols).toEqual(expect.arrayContaining(['<0x00>', '<0xFF>']))
})

test.each([
  ['an empty file', '', 'is no sentencepiece model, or is damaged'],
  ['text', 'a b c\n', 'is no sentencepiece model, or is damaged'],
  ['half a model', model.subarray(0, model.length / 2), 'is no sentencepiece model, or is damaged'],
  [
    'a length beyond the end',
    Uint8Array.of(0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f),
    'is no sentencepiece model, or is damaged',
  ],
  ['half a tokenizer.json', json.slice(0, json.length / 2), 'is no tokenizer.json, or is damaged'],
  ['another JSON', '{"a": 1}', 'is no tokenizer.json, or is damaged'],
  [
    'words',
    '{"model": {"type": "WordPiece", "vocab": {}}}',
    'has a model of the type "WordPiece": there are BPE and Unigram',
  ],
  [
    'a merge of nothing',
    '{"model": {"type": "BPE", "vocab": {"a": 0}, "merges": ["a b"]}}',
    'is damaged: merge 1 is of pieces that it does not have',
  ],
  [
    'a hostile id',
    '{"model": {"type": "BPE", "vocab": {"a": -1}, "merges": []}}',
    'is no tokenizer.json, or is damaged',
  ],
  [
    'a step',
    '{"model": {"type": "BPE", "vocab": {"a": 0}, "merges": []}, "normalizer": {"type": "StripAccents"}}',
    'has a step that is not supported: {"type":"StripAccents"}',
  ],
  ['no pieces', '{"model": {"type": "Unigram", "vocab": []}}', 'has no pieces'],
])('a damaged file is refused in a sentence with its place: %s', async (_, file, why) => {
  const error = await loaded(file).catch((thrown: unknown) => thrown)
  if (!(error instanceof SeqlabError)) throw error
  expect(error.code).toBe('data')
  expect(error.message.startsWith("file: the tokenizer's file ")).toBe(true)
  expect(error.message).toContain(why)
})

test('whatever byte of a model is changed, it is read or refused, and cuts texts or leaves them', () => {
  const place = fc.oneof(fc.integer({ min: 0, max: 15_000 }), fc.integer({ min: 0, max: model.length - 1 }))
  const change = (at: number, byte: number) => {
    const changed = Uint8Array.from(model)
    changed[at] = byte
    const state = fromSentencepiece(changed)
    if (typeof state === 'string') return
    const cut = subwordTokenizer(state)
    for (const line of lines.slice(0, 5)) expect(cut(line).every((piece) => piece !== '')).toBe(true)
  }
  fc.assert(fc.property(place, fc.integer({ min: 0, max: 255 }), change), { numRuns: 60 })
})

/** A sigma at the end of a word, and letters that are two in lower case or have other forms in it. */
const inCapitals = ['ΟΔΟΣ', 'ΣΑΣ. Σ', 'İSTANBUL ẞ K']

const python = pythonWith('numpy, onnxruntime')

test.skipIf(python === undefined)('predict.py cuts texts into the same pieces, and joins them', async () => {
  const states = {
    bpe: learnBpe({ vocabularySize: 600, byteFallback: true }, lines.slice(0, 400), ''),
    unigram: learnUnigram({ vocabularySize: 380, byteFallback: false }, lines.slice(0, 400), ''),
    'unigram.model': fromSentencepiece(model),
    'bpe.model': fromSentencepiece(readFileSync(`${goldens}/bpe.model`)),
    'byte-level.json': fromTokenizerJson(readFileSync(`${goldens}/byte-level.json`, 'utf8')),
    'metaspace.json': fromTokenizerJson(json),
    'unigram.json': fromTokenizerJson(readFileSync(`${goldens}/unigram.json`, 'utf8')),
    'lower case': fromTokenizerJson(JSON.stringify({ ...JSON.parse(json), normalizer: { type: 'Lowercase' } })),
  }
  const made = await folder({})
  const given = [...lines, ...inCapitals]
  await writeFile(join(made.baseDir, 'states.json'), JSON.stringify({ states, lines: given }))
  const program = `${predictScript.slice(0, predictScript.lastIndexOf('main()'))}
given = json.loads(pathlib.Path("states.json").read_text(encoding="utf-8"))
cut = {name: [Pieces(state)(line) for line in given["lines"]] for name, state in given["states"].items()}
text = {name: [joined(pieces, MARK) for pieces in rows] for name, rows in cut.items()}
pathlib.Path("out.json").write_text(json.dumps([cut, text]), encoding="utf-8")
`
  await writeFile(join(made.baseDir, 'cut.py'), program)
  const ran = spawnSync(python ?? '', ['cut.py'], { cwd: made.baseDir, encoding: 'utf8' })
  expect(ran.stderr).toBe('')
  const [cut, text] = JSON.parse(readFileSync(join(made.baseDir, 'out.json'), 'utf8'))
  await made.remove()
  for (const [name, state] of Object.entries(states)) {
    if (typeof state === 'string') throw new RangeError(state)
    expect([name, ...cut[name]]).toEqual([name, ...given.map(subwordTokenizer(state))])
  }
  expect(text.bpe).toEqual(given)
})

test('a tokenizer.json may begin with spaces and line ends', async () => {
  const { learned } = await loaded(` \n${json}`)
  expect(learned).toEqual((await loaded(json)).learned)
})
