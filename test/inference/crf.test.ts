import { rmSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { at } from '../../src/core/lists.js'
import { createEngine } from '../../src/engine/index.js'
import { resultText } from '../../src/inference/lines/write-lines.js'
import { openMember } from '../../src/inference/member.js'
import { modelOf } from '../../src/inference/open-model.js'
import type { PredictOptions } from '../../src/inference/options.js'
import { readPair, scorePairs } from '../../src/inference/score/score-model.js'
import { crfWithExportedForm, taggerWithExportedForm } from '../support/exported-model.js'

const sources = ['a b c d', 'd', 'c c a', 'b ~ d']
const folders: string[] = []
beforeAll(async () => {
  for (const seed of [1, 2]) folders.push(await crfWithExportedForm(seed))
})
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true })
})

async function predicted(chosen: readonly string[], options: PredictOptions = {}) {
  const model = modelOf(chosen.map((folder) => openMember(folder)))
  try {
    return await model.predict(sources, options)
  } finally {
    await model.dispose()
  }
}

const isLegal = (tags: readonly string[]) =>
  tags.every(
    (tag, step) => !tag.startsWith('I') || ['B', 'I'].some((letter) => tags[step - 1] === letter + tag.slice(1)),
  )

it('the exported form and the reference engine give the same n best, which are legal, in order, and with marginals', async () => {
  const options = { nBest: 5, probabilities: true }
  const found = await predicted(folders.slice(0, 1), options)
  const engine = await createEngine('tfjs-cpu', { threads: 1 })
  const model = modelOf([openMember(at(folders, 0), { engine })])
  const expected = await model.predict(sources, options)
  await engine.dispose()
  for (const [row, output] of found.entries()) {
    const { candidates = [], probabilities = [], tokens, score, tokenScores = [] } = output
    expect(output.tokens).toEqual(expected[row]?.tokens)
    const scores = candidates.map((one) => one.score)
    expect(scores).toEqual(expected[row]?.candidates?.map((one) => expect.closeTo(one.score, 4)))
    expect(scores).toEqual(scores.toSorted((one, other) => other - one))
    expect(candidates.every((one) => isLegal(one.tokens))).toBe(true)
    expect(candidates[0]).toEqual({ tokens, score })
    for (const [step, labels] of probabilities.entries()) {
      expect(Object.values(labels).reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 6)
      expect(Math.exp(at(tokenScores, step))).toBeCloseTo(labels[at(tokens, step)] ?? 0, 10)
    }
  }
  // One token: I is first nowhere, so that B-x and O are all that there is.
  expect(found[1]?.candidates?.map(({ tokens }) => at(tokens, 0)).sort()).toEqual(['B-x', 'O'])
})

it('scores given tags as it scores its own, and those that it would not predict too', async () => {
  const [output] = await predicted(folders.slice(0, 1))
  const opened = openMember(at(folders, 0))
  const pair = (target: string) => readPair(opened.parts, { source: 'a b c d', target, where: 'here' })
  const [own, barred] = await scorePairs(opened, [pair(output?.text ?? ''), pair('I-x I-x I-x O')], {
    alignments: false,
  })
  expect(own?.score).toBeCloseTo(output?.score ?? Number.NaN, 6)
  expect(own?.logProbs).toHaveLength(4)
  expect(barred?.score).toBeLessThan(0)
  expect(Number.isFinite(barred?.score)).toBe(true)
  await opened.dispose()
})

it('together, log potentials are averaged: a model with itself is itself, and with another it lies between', async () => {
  const [alone, twice] = [await predicted(folders.slice(0, 1)), await predicted([at(folders, 0), at(folders, 0)])]
  expect(twice).toEqual(
    alone.map((output) => ({ ...output, score: expect.closeTo(output.score, 6), tokenScores: expect.anything() })),
  )
  const both = await predicted(folders, { nBest: 3 })
  expect(both.every(({ candidates = [] }) => candidates.every(({ tokens }) => isLegal(tokens)))).toBe(true)
  expect(both.map(({ score }) => score)).not.toEqual(alone.map(({ score }) => score))
})

it('with a softmax the log potentials of both are averaged: legal, n best, and the probability is that of the pool', async () => {
  const softmax = await taggerWithExportedForm(3, { type: 'softmax' })
  folders.push(softmax)
  const crf = at(folders, 0)
  const one = await predicted([crf, softmax], { nBest: 81, probabilities: true })
  const other = await predicted([softmax, crf], { nBest: 81, probabilities: true })
  for (const [row, { candidates = [], probabilities = [] }] of one.entries()) {
    expect(candidates.every(({ tokens }) => isLegal(tokens))).toBe(true)
    expect(candidates.map(({ tokens }) => tokens)).toEqual(other[row]?.candidates?.map(({ tokens }) => tokens))
    for (const labels of probabilities) expect(Object.values(labels).reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 6)
  }
  // p(y) of the pool is in proportion to the root of the product of both.
  const scoreOf = async (folder: string, target: string) => {
    const opened = openMember(folder)
    const pair = readPair(opened.parts, { source: 'a b c d', target, where: 'here' })
    const [scored] = await scorePairs(opened, [pair], { alignments: false })
    await opened.dispose()
    return scored?.score ?? Number.NaN
  }
  const [first, second] = one[0]?.candidates ?? []
  const mean = async (target: string) => ((await scoreOf(crf, target)) + (await scoreOf(softmax, target))) / 2
  const [best = '', next = ''] = [first, second].map((each) => each?.tokens.join(' '))
  expect((first?.score ?? 0) - (second?.score ?? 0)).toBeCloseTo((await mean(best)) - (await mean(next)), 4)
})

it('writes the n best a line each in tsv, and next to the tokens in jsonl', async () => {
  const [output] = await predicted(folders.slice(0, 1), { nBest: 2 })
  const written = { task: 'tag', joiners: { source: ' ', target: ' ' }, scores: false }
  const result = { number: 1, output: output ?? expect.fail() }
  const rows = resultText(result, { ...written, format: 'tsv' })
    .trimEnd()
    .split('\n')
  expect(rows.map((row) => row.split('\t').slice(0, 2).join())).toEqual(['1,1', '1,2'])
  expect(rows[0]?.split('\t')[3]).toBe(output?.text)
  const { candidates, tokenScores } = JSON.parse(resultText(result, { ...written, format: 'jsonl' }))
  expect(candidates.map(({ text }: { text: string }) => text)).toEqual(
    output?.candidates?.map(({ tokens }) => tokens.join(' ')),
  )
  expect(tokenScores).toHaveLength(4)
})
