import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { curveBetter, curveTitle, curveUnit } from '../../../src/report/analysis/comparison/curve-titles.js'
import { methodText } from '../../../src/report/analysis/comparison/method.js'
import { checkNames } from '../../../src/report/analysis/comparison/names.js'
import { rerunCommand } from '../../../src/report/analysis/comparison/rerun.js'
import { comparedGroup, foundTrial, sizedTrial } from '../found.js'
import type { madeUpSpec } from '../made-up.js'

describe('the command that reproduces a trial', () => {
  const trial = foundTrial()
  const spec = resolve('runs/cells/cells-gru-1/spec.yaml')

  it('has its spec, its data and engine, and a study of its own', () => {
    expect(rerunCommand(trial)).toBe(`seqlab run ${spec} --name cells-cells-gr`)
    const other = { ...trial, dataDir: '/data', record: { ...trial.record, engine: 'eager' } }
    expect(rerunCommand(other)).toBe(`seqlab run ${spec} --data-dir /data --engine eager --name cells-cells-gr`)
  })

  it('sets what a later evaluation does otherwise', () => {
    expect(rerunCommand({ ...trial, evaluation: 'final' })).not.toContain('--set')
    expect(rerunCommand({ ...trial, evaluation: 'be4m' })).toContain(
      `--set 'decode={"type":"greedy"}' --set 'metrics=[{"type":"per"}]' --name`,
    )
  })

  it('is run where a relative start is relative to', () => {
    const from = (path: string | undefined, cwd?: string) => {
      const train = { ...trial.record.spec.train, ...(path && { init: { from: path } }) }
      const record = { ...trial.record, spec: { ...trial.record.spec, train } as typeof madeUpSpec }
      return rerunCommand({ ...trial, record, ...(cwd && { cwd }) }).split('seqlab run')[0]
    }
    expect(from('runs/x', '/home')).toBe('cd /home && ')
    expect(from('/runs/x', '/home')).toBe('')
    expect(from('runs/x')).toBe('')
    expect(from(undefined, '/home')).toBe('')
  })
})

describe('names that no trial has', () => {
  const trials = [sizedTrial(64, 1)]
  const errorOf = (asked: Parameters<typeof checkNames>[1], of = trials) => {
    try {
      checkNames({ trials: of }, asked)
    } catch (error) {
      const { code, message, hint } = error as { code: string; message: string; hint: string }
      return [code, message, hint]
    }
    return undefined
  }

  it('are refused with what was meant, or what there is', () => {
    expect(errorOf({})).toBeUndefined()
    expect(errorOf({ by: 'model.encoder.hidden', metric: 'per' })).toBeUndefined()
    expect(errorOf({ by: 'model.encoder.hiden' })).toEqual([
      'spec',
      '--by: no trial has a setting model.encoder.hiden; did you mean `model.encoder.hidden`?',
      'compare --no-only-changed lists all.',
    ])
    expect(errorOf({ by: 'hidden' })?.[2]).toBe('Name one, such as model.encoder.hidden, model.decoder.hidden.')
    expect(errorOf({ by: 'cell.size' })?.[2]).toMatch(/^Name one, such as (\S+, ){1,4}\S+\.$/)
    expect(errorOf({ metric: 'wer' })?.[2]).toBe('There are: per.')
    expect(errorOf({ metric: 'wer' }, [])?.[2]).toBe('There are: none.')
  })
})

describe('the method', () => {
  const text = (...[groups, claims = []]: Partial<Parameters<typeof methodText>>) =>
    methodText(groups ?? [], claims).join('\n')
  const claim = (more: object) => [
    { folder: '', claim: { left: 'a', right: 'b', relation: 'better' as const, ...more } },
  ]

  it('names what was used, and nothing else', () => {
    const words = [
      'Student 1908',
      'Other settings are taken as fixed',
      'Claims over curves',
      'Resamples of the examples:',
    ]
    const found = (of: string) => words.filter((word) => of.includes(word))
    expect(found(text())).toEqual([])
    expect(found(text([], claim({ metric: 'per' })))).toEqual([])
    expect(found(text([], claim({ curve: 'per' })))).toEqual([words[2]])
    expect(found(text([], claim({ left: { a: 1 }, metric: 'per' })))).toEqual([words[1]])
    const paired = comparedGroup([
      ...[1, 2].map((seed) => foundTrial({ label: 'a', seed, errors: [seed, 2], record: { trialId: `t${seed}` } })),
      ...[1, 2].map((seed) => foundTrial({ label: 'b', seed, errors: [seed, 3], record: { trialId: `t${seed}` } })),
    ])
    expect(found(text([paired]))).toEqual([words[0], words[3]])
    const apart = comparedGroup(
      [1, 2].flatMap((seed) => ['a', 'b'].map((label) => foundTrial({ label, seed, errors: [seed, 2] }))),
    )
    expect(found(text([apart]))).toEqual([words[3]])
    expect(found(text([{ ...paired, metrics: [], averaged: true }]))).toEqual([words[1], words[3]])
    expect(text([{ ...paired, resamples: 200 }, { ...paired, resamples: 300 }, paired])).toContain(
      'Resamples of the examples: 200, 300, 1000.',
    )
  })
})

describe('titles of curves', () => {
  const loss = { unit: 'nats', label: 'nats per token' } as const
  const metric = { title: 'PER', unit: 'percent', better: 'higher' } as const

  it('come with their unit, and what is better', () => {
    const of = (name: string, more: object = {}) => {
      const curve = { name, loss, ...more }
      return [curveTitle(curve), curveUnit(curve), curveBetter(curve)]
    }
    expect(of('validation-loss')).toEqual(['validation loss', 'nats', 'lower'])
    expect(of('per', { metric })).toEqual(['dev PER', 'percent', 'higher'])
    expect(of('copies-distance')).toEqual(['distance between untied copies', 'number', undefined])
  })
})
