import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import {
  readEvaluation,
  readEvaluations,
  readPredictions,
  readPredictionsText,
  readTrial,
} from '../../../src/store/index.js'
import { finalEvaluationOf, writeEvaluation } from '../../../src/store/trial/evaluation.js'
import { madeUpTrial } from '../../report/made-up.js'
import { writeTrial } from '../../report/study.js'

const root = mkdtempSync(join(tmpdir(), 'seqlab-evaluations-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
const trial = madeUpTrial({ examples: 6, steps: 100, label: 'one' })
const { record } = trial

/** A trial with a later evaluation, whose predictions are the final one's. */
async function evaluated(name: string) {
  const directory = await writeTrial(join(root, name), trial)
  const later = join(directory, 'evaluations', 'abcd1234')
  cpSync(join(directory, 'evaluations', 'final'), later, { recursive: true })
  const { predictions } = readEvaluation(directory) ?? {}
  if (predictions === undefined) throw new Error('no final evaluation')
  const label = 'one, beam'
  writeEvaluation(directory, { ...finalEvaluationOf(record, predictions), name: 'abcd1234', id: 'abcd1234', label })
  return { directory, later }
}

it('reads what a trained model was evaluated with, the final evaluation first', async () => {
  const { directory } = await evaluated('whole')
  const { evaluations, problems } = readEvaluations(directory, record.trialId)
  expect(problems).toEqual([])
  expect(evaluations.map(({ name, label }) => [name, label])).toEqual([
    ['final', 'one'],
    ['abcd1234', 'one, beam'],
  ])
  expect(evaluations[0]).toMatchObject({ id: record.evaluation, results: record.metrics, decode: record.spec.decode })
  expect(readPredictions(directory, 'abcd1234')).toEqual(trial.predictions)
  expect(readEvaluation(directory, 'none')).toBeUndefined()
})

it('reports one that is damaged, of another name or of another trial, and reads the others', async () => {
  const { directory, later } = await evaluated('damaged')
  const path = join(later, 'evaluation.json')
  const whole = readFileSync(path, 'utf8')
  writeFileSync(path, whole.replace('beam', 'beat'))
  const damaged = readEvaluations(directory, record.trialId)
  expect(damaged.evaluations.map(({ name }) => name)).toEqual(['final'])
  expect(damaged.problems).toEqual([`${path} is damaged: its checksum does not match`])
  cpSync(join(directory, 'evaluations', 'final', 'evaluation.json'), path)
  expect(readEvaluations(directory, record.trialId).problems).toEqual([
    `${path} is damaged: it is the evaluation final`,
  ])
  expect(readEvaluations(directory, 'another').problems).toContain(
    `${join(directory, 'evaluations', 'final', 'evaluation.json')} is damaged: it is of the trial ${record.trialId}`,
  )
})

it('holds predictions against their digest', async () => {
  const { directory, later } = await evaluated('predictions')
  const path = join(later, 'predictions.jsonl')
  const evaluation = readEvaluation(directory, 'abcd1234')
  if (evaluation === undefined) throw new Error('no evaluation')
  expect(await readPredictionsText(directory, evaluation)).toBe(readFileSync(path, 'utf8'))
  writeFileSync(path, readFileSync(path, 'utf8').replace('"test"', '"dev"'))
  await expect(readPredictionsText(directory, evaluation)).rejects.toThrow(
    `${path} is damaged: its checksum does not match`,
  )
  rmSync(path)
  await expect(readPredictionsText(directory, evaluation)).rejects.toThrow(`${path} is missing`)
})

describe('what stands in the place of a part of a trial', () => {
  const parts = [
    'evaluations',
    'evaluations/final',
    'evaluations/final/evaluation.json',
    'evaluations/final/predictions.jsonl',
    'manifest.json',
    'metrics.jsonl',
    'record.json',
  ]
  const placed: Readonly<Record<string, (path: string) => void>> = {
    'a file': (path) => writeFileSync(path, ''),
    'a folder': (path) => mkdirSync(path),
    'a link to itself': (path) => symlinkSync(path, path),
  }
  it.each(parts.flatMap((part) => Object.keys(placed).map((what) => [what, part] as const)))(
    '%s for %s is damage of the trial, not an error of the system',
    async (what, part) => {
      const directory = await writeTrial(join(root, `${what} ${part}`.replaceAll('/', ' ')), trial)
      rmSync(join(directory, part), { recursive: true })
      placed[what]?.(join(directory, part))
      const { problems } = await readTrial(directory)
      expect(problems.join('\n')).toMatch(/ is damaged: | is missing/)
      readEvaluations(directory, record.trialId)
    },
  )
})
