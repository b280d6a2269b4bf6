import { expect, it } from 'vitest'
import { SeqlabError } from '../../../src/core/errors.js'
import { checkNames } from '../../../src/report/analysis/comparison/names.js'
import { foundTrial } from '../found.js'
import { madeUpSpec } from '../made-up.js'

/** The message and the hint; undefined where the names are all there. */
function refusal(...[found, asked]: Parameters<typeof checkNames>) {
  try {
    return checkNames(found, asked)
  } catch (error) {
    if (!(error instanceof SeqlabError)) throw error
    return [error.message, error.hint]
  }
}

const trials = [
  { ...foundTrial(), evaluation: 'final' },
  { ...foundTrial({ label: 'b' }), evaluation: 'beam' },
]

it('an evaluation is known where any trial has it', () => {
  for (const evaluation of ['final', 'beam', undefined]) expect(refusal({ trials }, { evaluation })).toBeUndefined()
  expect(refusal({ trials }, { evaluation: 'mine' })).toEqual([
    '--evaluation: no trial has an evaluation mine',
    'Make it with `seqlab evaluate RUN --name NAME`, for each of the runs.',
  ])
})

it('a setting is known by its whole path; at most five that end alike are named', () => {
  expect(refusal({ trials }, { by: 'train.batchSize' })).toBeUndefined()
  const hint = (by: string, spec: object = {}) =>
    refusal(
      { trials: [foundTrial({ record: { spec: { ...madeUpSpec, ...spec } as typeof madeUpSpec } })] },
      { by },
    )?.[1]
  expect(hint('batchSize')).toBe('Name one, such as train.batchSize.')
  expect(hint('nothing')).toBe('compare --no-only-changed lists all.')
  const six = Object.fromEntries([...'abcdef'].map((name) => [name, { q: 1 }]))
  expect(hint('x.q', six)).toBe('Name one, such as a.q, b.q, c.q, d.q, e.q.')
})
