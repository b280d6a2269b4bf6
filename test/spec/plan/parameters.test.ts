import { expect, test } from 'vitest'
import { modelProblems, unknownSizes } from '../../../src/spec/plan/parameters.js'
import { loadedFrom, taggerText, transducerText } from './loaded.js'

const tagger = loadedFrom(taggerText).spec
const transducer = loadedFrom(transducerText).spec

test('what the sizes of a model are numbers of, before the data are read', () => {
  expect(unknownSizes(transducer)).toEqual({ source: 'vocabulary', target: 'vocabulary' })
  expect(unknownSizes({ ...tagger, task: { type: 'language-model' } })).toEqual({
    ...{ source: 'vocabulary', target: 'source' },
  })
  const features = taggerText.replace('[a b, x y]', '[a b, x y, f]')
  expect(unknownSizes(loadedFrom(features).spec)).toEqual({
    ...{ source: 'vocabulary', target: 'vocabulary', features: true },
  })
  const source = { type: 'series', values: [[1], [2]], window: 7, horizon: 3 } as const
  const data = { ...tagger.data, source } as unknown as typeof tagger.data
  expect(unknownSizes({ task: { type: 'forecast' }, data })).toEqual({
    ...{ source: 'width', target: 'width', longestSource: 7, longestTarget: 3 },
  })
  const ahead = { ...tagger.data, source: { ...source, knownAhead: [2] } } as unknown as typeof tagger.data
  expect(unknownSizes({ task: { type: 'forecast' }, data: ahead })).toEqual({
    ...{ source: 'width', target: 'width', longestSource: 7, longestTarget: 3, ahead: 1 },
  })
  const characters = taggerText.replace(
    'size: 2 } }',
    'size: 2 }, characters: { type: cnn, embedding: 2, filters: 2 } }',
  )
  expect(unknownSizes(loadedFrom(characters).spec)).toEqual({
    ...{ source: 'vocabulary', target: 'vocabulary', characters: true },
  })
})

test('a factor has several values a token where something separates them: its format, or the data', () => {
  const factorsIn = (more = '') => {
    const source = `{ type: conllu, file: x, factors: { pos: UPOS, feats: FEATS } }${more}`
    return unknownSizes(loadedFrom(taggerText.replace(/\{ type: inline.*?\]\] \}/, source)).spec).factors
  }
  expect(factorsIn()).toEqual({ pos: false, feats: true })
  expect(factorsIn(", factors: { pos: { separator: '+' } }")).toEqual({ pos: true, feats: true })
  expect(factorsIn(", factors: { feats: { separator: '+' } }")).toEqual({ pos: false, feats: true })
})

test('a model that cannot be built has problems', () => {
  expect(modelProblems(transducer)).toEqual([])
  const { encoder, ...model } = transducer.model
  const untied = { ...encoder, hidden: 4, bidirectional: true, combine: 'concat' }
  const problems = modelProblems({
    ...transducer,
    model: { ...model, encoder: untied, context: { ...model.context, scorer: { type: 'dot' } } },
  } as unknown as typeof transducer)
  expect(problems.map(({ message }) => message).join()).toContain('of equal size')
})
