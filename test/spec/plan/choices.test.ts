import { describe, expect, it } from 'vitest'
import { SeqlabError } from '../../../src/core/errors.js'
import { metricOption, searchOption } from '../../../src/spec/plan/choices.js'

function refusal(choose: () => unknown): { readonly code: string; readonly text: string; readonly hint?: string } {
  try {
    choose()
  } catch (error) {
    if (!(error instanceof SeqlabError)) throw error
    return { code: error.code, text: error.message, ...(error.hint !== undefined && { hint: error.hint }) }
  }
  throw new Error('nothing is refused')
}

describe('a metric by its name', () => {
  it('has its defaults', () => {
    expect(metricOption('per')).toEqual({ type: 'per' })
    expect(metricOption('slot-f1')).toEqual({ type: 'slot-f1', scheme: 'auto', count: 'conlleval', outside: 'O' })
  })

  it('that there is not is refused with the nearest name and all names', () => {
    const { code, text, hint } = refusal(() => metricOption('perr'))
    expect(code).toBe('spec')
    expect(text).toMatch(
      /^--metric: `perr` is not a metric; did you mean `per`\?; expected the name of a metric: `accuracy`, .* or `wer`$/,
    )
    expect(hint).toBeUndefined()
  })

  it('that other programs have is refused with its name here', () => {
    expect(refusal(() => metricOption('em'))).toMatchObject({ code: 'spec', hint: 'that is `exact-match`' })
  })
})

describe('a search method', () => {
  const search = (options: Parameters<typeof searchOption>[0]) => searchOption(options, '--search')

  it('has its defaults', () => {
    expect(search({ type: 'greedy' })).toEqual({ type: 'greedy' })
    expect(search({ type: 'beam', width: 3 })).toEqual({ type: 'beam', width: 3, lengthNormalisation: 0, nBest: 1 })
  })

  it('with options of a wrong kind is refused with what is expected', () => {
    expect(refusal(() => search({ type: 'beam', width: 0 }))).toEqual({
      code: 'spec',
      text: '--search: is too small; expected a whole number, at least 1 and at most 65,536',
    })
    expect(refusal(() => search({ type: 'beam', wdth: 3 })).text).toMatch(
      /^--search: `wdth` is not a key of a spec; did you mean `width`\?; expected `type`, `width`, /,
    )
  })

  it('with options that contradict each other is refused as in a spec', () => {
    expect(refusal(() => search({ type: 'beam', width: 2, nBest: 3 }))).toEqual({
      code: 'spec',
      text: '--search: a beam of 2 has no 3 best; expected at most 2',
    })
  })
})
