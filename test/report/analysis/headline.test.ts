import { describe, expect, it } from 'vitest'
import { undefinedBecause } from '../../../src/core/measured.js'
import { answerText, copiesText, headline, unfinishedText } from '../../../src/report/analysis/comparison/headline.js'
import type { ComparedTrial, ComparisonReport, Group, Variant } from '../../../src/report/analysis/comparison/types.js'

type Missing = ComparisonReport['studies'][number]['missing']
const study = (name: string, planned: number, missing: Missing = []) => ({
  ...{ name, directory: '', planned, missing, command: '' },
})
const of = (state: Missing[number]['state'], ...trials: readonly string[]): Missing =>
  trials.map((trial) => ({ trial, state }))

const variant = (label: string, finished = 1, unfinished = 0): Variant => ({
  ...{ id: `id of ${label}`, label, study: 's', settings: {}, seeds: Array<number>(finished).fill(1), unfinished },
  ...{ parameters: 1, trainMs: null, perStep: { ms: null, tokens: null } },
})
const trial = (label: string, seed: number, more: Partial<ComparedTrial> = {}): ComparedTrial => ({
  ...{ trialId: '', evaluation: '', variant: `id of ${label}`, seed, status: 'completed', reason: '', concerns: [] },
  ...{ test: {}, dev: {}, parameters: 1, trainMs: null, steps: 1, directory: '', rerun: '' },
  ...more,
})
const group = (more: Partial<Group>): Group => ({
  ...{ task: 'tag', dataDigest: '', testDigest: '', loss: { unit: 'nats', label: '', over: 'token' }, examples: 10 },
  ...{ seenInTraining: undefinedBecause('not recorded'), seedWord: 'seed', differing: [], factors: [], columns: [] },
  ...{
    mixed: [],
    averaged: false,
    variants: [],
    metrics: [],
    resamples: 200,
    effects: [],
    shared: [],
    curves: [],
    lengths: [],
    attention: [],
  },
  ...{ confusion: [], trials: [] },
  ...more,
})
const report = (more: Partial<ComparisonReport>): ComparisonReport => ({
  ...{ schemaVersion: 3, title: '', command: '', versions: {}, machine: '', studies: [], groups: [], claims: [] },
  ...{ published: [] },
  ...{ copies: [], skipped: [], method: [] },
  ...more,
})
const answered = (...answer: readonly string[]) => ({
  metrics: [
    {
      ...{ name: 'per', title: 'PER', unit: 'percent', better: 'lower', best: null, values: [], pairs: [] },
      ranking: { tiers: [], letters: {}, text: [] },
      answer: [...answer],
    },
  ] as Group['metrics'],
})

describe('what is unfinished', () => {
  it('is nothing where nothing is missing', () => {
    expect(unfinishedText({ studies: [study('s', 4)], groups: [group({ variants: [variant('gru')] })] })).toEqual([])
  })

  it('is counted by state, with the names of the first three', () => {
    const missing = [
      ...of('not evaluated', 'a'),
      ...of('begun', 'b', 'c'),
      ...of('not started', 'd', 'e', 'f', 'g', 'h'),
    ]
    expect(unfinishedText({ studies: [study('s', 9, missing), study('t', 1, of('begun', 'x'))], groups: [] })).toEqual([
      'Unfinished: 8 of 9 results of s are missing: 5 not started (d; e; f and 2 more), 2 running or interrupted (b; c), 1 trained and not evaluated yet (a).',
      'Unfinished: 1 of 1 result of t is missing: 1 running or interrupted (x).',
    ])
    expect(unfinishedText({ studies: [study('s', 3, of('begun', 'a', 'b', 'c'))], groups: [] })[0]).toMatch(
      /\(a; b; c\)\.$/,
    )
  })

  it('has failed and cancelled trials by variant, with their reasons', () => {
    const variants = [variant('gru', 1, 3), variant('lstm', 0, 1)]
    const trials = [
      trial('gru', 1),
      trial('gru', 2, { status: 'failed', reason: 'NaN' }),
      trial('gru', 3, { status: 'failed' }),
      trial('gru', 4, { status: 'cancelled', reason: 'stopped' }),
      trial('lstm', 1, { status: 'cancelled' }),
    ]
    expect(unfinishedText({ studies: [], groups: [group({ variants, trials })] })).toEqual([
      '2 of 4 trials of gru failed and are excluded (seed 2: NaN; seed 3).',
      '1 of 4 trials of gru was cancelled and is excluded (seed 4: stopped).',
      '1 of 1 trial of lstm was cancelled and is excluded (seed 1).',
    ])
    const cancelled = [trial('gru', 1, { status: 'cancelled' }), trial('gru', 2, { status: 'cancelled' })]
    const both = group({ variants: [variant('gru', 0, 2)], trials: cancelled })
    expect(unfinishedText({ studies: [], groups: [both] })).toEqual([
      '2 of 2 trials of gru were cancelled and are excluded (seed 1; seed 2).',
    ])
  })

  it('names three variants that failed, and counts the rest', () => {
    const failing = (labels: readonly string[]) =>
      unfinishedText({
        studies: [],
        groups: [
          group({
            variants: labels.map((label) => variant(label, 0, 1)),
            trials: labels.map((label) => trial(label, 1, { status: 'failed' })),
          }),
        ],
      })
    expect(failing(['a', 'b', 'c'])).toHaveLength(3)
    expect(failing(['a', 'b', 'c', 'd']).slice(2)).toEqual([
      '1 of 1 trial of c failed and is excluded (seed 1).',
      'Trials of 1 more variant failed or were cancelled too.',
    ])
    expect(failing(['a', 'b', 'c', 'd', 'e']).at(-1)).toBe('Trials of 2 more variants failed or were cancelled too.')
  })
})

describe('the answers', () => {
  it('are those of the main metric of every group, after what a reader must know', () => {
    const first = group({ ...answered('A is better.'), seenInTraining: 3 })
    const second = group({ ...answered('B is better.'), seenInTraining: 0 })
    const sick = trial('gru', 2, { concerns: ['loss 9', 'endless'] })
    const third = group({ variants: [variant('gru')], trials: [trial('gru', 1), sick] })
    expect(answerText(report({ groups: [first, second, third] }))).toEqual([
      'In bad health, and counted all the same: 1 of 2 trials (gru, seed 2: loss 9).',
      'A is better.',
      '3 of 10 test sources are also in training.',
      'B is better.',
    ])
  })

  it('are that there is nothing to compare where there are none', () => {
    const nothing = 'No trial has finished: there is nothing to compare yet.'
    expect(answerText(report({}))).toEqual([nothing])
    expect(answerText(report({ groups: [group({})] }))).toEqual([nothing])
  })

  it('come after what is unfinished', () => {
    const all = report({ studies: [study('s', 2, of('begun', 'a'))], groups: [group(answered('A is better.'))] })
    expect(headline(all)).toEqual([
      'Unfinished: 1 of 2 results of s is missing: 1 running or interrupted (a).',
      'A is better.',
    ])
  })
})

describe('copies', () => {
  const copy = (seed: number, directories: readonly string[], difference: string | null = null) => ({
    ...{ trialId: String(seed), label: 'gru', seed, directories: [...directories], difference },
  })

  it('are counted, with the folders that they are in', () => {
    expect(copiesText([])).toEqual([])
    expect(copiesText([copy(1, ['a/x', 'b/x'])])).toEqual([
      '1 trial is in more than one folder (a; b): it is counted once.',
    ])
    expect(copiesText([copy(1, ['a/x', 'b/x']), copy(2, ['a/y', 'c/y'])])).toEqual([
      '2 trials are in more than one folder (a; b; c): each is counted once.',
    ])
    expect(copiesText([copy(1, ['a/x', 'a/y'])])).toEqual(['1 trial is in more than one folder: it is counted once.'])
  })

  it('that differ are not counted, and it is said where they differ and what to do', () => {
    expect(copiesText([copy(1, ['a/x', 'b/x'], 'PER is 1 in a and 2 in b')])).toEqual([
      '1 trial is in more than one folder (a; b) with different results and is not counted (where they differ: under what was skipped). Leave out or delete one of the folders.',
    ])
    const two = [
      copy(1, ['a/x', 'a/y'], 'the text is "x."'),
      copy(2, ['a/x', 'a/y'], 'it ends.'),
      copy(3, ['a/x', 'a/y']),
    ]
    expect(copiesText(two)).toEqual([
      '1 trial is in more than one folder: it is counted once.',
      '2 trials are in more than one folder with different results and are not counted (where they differ: under what was skipped). Leave out or delete one of the folders.',
    ])
  })
})
