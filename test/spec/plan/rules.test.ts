import { describe, expect, test } from 'vitest'
import { readable } from '../../../src/core/judge.js'
import {
  completed,
  crossProblems,
  evaluationProblems,
  taskNamed,
  withTaskDefaults,
} from '../../../src/spec/plan/rules.js'
import { tag } from '../../../src/task/tag.js'
import { transduce } from '../../../src/task/transduce.js'
import { loadedFrom, taggerText, transducerText, unchecked } from './loaded.js'

/** Problems between the sections of a spec of which some do not fit their schemas. */
function problemsOf(text: string, ...invalid: readonly string[]) {
  const { spec, written } = unchecked(text)
  return crossProblems(readable(spec, invalid), written)
}

describe('bits per character are of characters', () => {
  const languageModel = (tokens: string, rest: string) => `task: language-model
data: { source: { type: text, file: words.txt }${tokens} }
model: { source: { representation: { type: embedding, size: 2 } }, encoder: { cell: elman, hidden: 3 } }
train: { optimizer: sgd, steps: 100, batchSize: 2, validate: { every: 10${rest}
`
  const listed = ' } }\nmetrics: [perplexity, bits-per-character]'
  const told = (tokens: string, rest: string) =>
    problemsOf(languageModel(tokens, rest)).map(({ path, received }) => [path, received])

  test('and of no other tokens, as a metric and as what selects', () => {
    for (const characters of [', sourceTokens: characters', ', sourceTokens: { type: characters, unit: grapheme }'])
      expect(told(characters, listed)).toEqual([])
    expect(told('', listed)).toEqual([['metrics.1', 'whitespace']])
    expect(told(', sourceTokens: { type: bpe, vocabularySize: 90 }', listed)).toEqual([['metrics.1', 'bpe']])
    expect(told(', sourceTokens: words', ' , select: bits-per-character } }\nmetrics: [perplexity]')).toEqual([
      ['train.validate.select', 'words'],
    ])
    // What is listed is told once.
    expect(told('', ` , select: bits-per-character${listed}`)).toEqual([['metrics.1', 'whitespace']])
    expect(told('', ' } }\nmetrics: [perplexity]')).toEqual([])
  })

  test('also where a trained model is evaluated; what it was trained with stays', () => {
    const chosen = { metrics: [{ type: 'bits-per-character' as const }] }
    const trained = (tokens: string) => loadedFrom(languageModel(tokens, ' } }')).spec
    expect(evaluationProblems(chosen, trained(', sourceTokens: characters'))).toEqual([])
    expect(evaluationProblems(chosen, trained(', sourceTokens: words'))).toEqual([
      {
        path: 'metrics.0',
        message:
          '`bits-per-character` counts each token as a character, and the tokens are not: its value would be per token',
        expected: 'data.sourceTokens: characters',
        received: 'words',
        hint: 'Take `perplexity` or `cross-entropy`, which are per token, or set data.sourceTokens: characters.',
      },
    ])
    for (const rest of [listed, ' , select: bits-per-character } }\nmetrics: [perplexity]']) {
      const { spec, written } = unchecked(languageModel('', rest))
      expect(crossProblems(spec, written, true)).toEqual([])
    }
  })
})

test('the task that a spec names, bare or as a map', () => {
  expect(taskNamed('tag')).toBe(tag)
  expect(taskNamed({ type: 'transduce' })).toBe(transduce)
  expect([taskNamed('tagg'), taskNamed({}), taskNamed(null), taskNamed(undefined)]).toEqual(Array(4).fill(undefined))
})

test('a task brings its metrics where none are written', () => {
  expect(withTaskDefaults({ task: 'transduce', seed: 1 })).toEqual({
    task: 'transduce',
    seed: 1,
    metrics: ['ser', 'exact-match'],
  })
  for (const written of [{ task: 'tag', metrics: null }, { task: 'nothing' }, {}])
    expect(withTaskDefaults(written)).toBe(written)
})

describe('a spec is completed', () => {
  const chrf = (beta: number) => ({ type: 'chrf', beta, wordOrder: 0, lowercase: false })
  const selectOf = (select: string, metrics = '[ser, { type: chrf, beta: 1 }]') => {
    const text = transducerText.replace('every: 10', `every: 10${select}`)
    const { spec, written } = unchecked(`${text}metrics: ${metrics}\n`)
    return completed(spec, transduce, written).train.validate.select
  }

  test('with what selects: the first metric, or those that are named, as the metrics have them', () => {
    expect(selectOf('')).toEqual([{ type: 'ser' }])
    expect(selectOf('', '[{ type: chrf, beta: 1 }, ser]')).toEqual([chrf(1)])
    expect(selectOf(', select: chrf')).toEqual([chrf(1)])
    expect(selectOf(', select: [loss, chrf, per]')).toEqual(['loss', chrf(1), { type: 'per' }])
    expect(selectOf(', select: { type: chrf }')).toEqual([chrf(2)])
    expect(selectOf(', select: [chrf, { type: chrf, beta: 3 }]')).toEqual([chrf(1), chrf(3)])
    expect(selectOf(', select: [{ type: chrf, beta: 3 }, chrf]')).toEqual([chrf(3), chrf(1)])
  })

  test('where training or its validation is not a map either', () => {
    const { spec, written } = unchecked(transducerText)
    for (const train of [null, { validate: null }, { validate: { select: 7 } }])
      expect(completed(spec, transduce, { ...written, train }).train.validate.select).toEqual([{ type: 'ser' }])
  })

  test('with what the sides of the task read', () => {
    const { spec, written } = unchecked(transducerText)
    const { data } = completed(spec, transduce, written)
    expect(data.sourceTokens).toMatchObject({ type: 'whitespace', maxLength: 256 })
    expect(data.split).toMatchObject({ dev: 1000, test: 2000 })
  })

  test('with the characters that the model reads', () => {
    const charactersOf = (text: string) => loadedFrom(text).spec.data.characters
    const reading = taggerText.replace('size: 2 }', 'size: 2 }, characters: { type: cnn, embedding: 2, filters: 2 }')
    const asking = (text: string) => text.replace(']] }', ']] }, characters: { maxLength: 8 }')
    expect(charactersOf(reading)).toEqual({ minFrequency: 1, maxLength: 32 })
    expect(charactersOf(asking(reading))).toEqual({ minFrequency: 1, maxLength: 8 })
    expect(charactersOf(asking(taggerText))).toEqual({ minFrequency: 1, maxLength: 8 })
    expect(charactersOf(taggerText)).toBeUndefined()
  })
})

test('specs without a problem; no task, no rules', () => {
  expect(problemsOf(taggerText)).toEqual([])
  expect(problemsOf(transducerText)).toEqual([])
  expect(problemsOf(`${taggerText.replace('task: tag', 'task: { type: tagg }')}`)).toEqual([])
})

describe('sections of the model', () => {
  test('that the task needs', () => {
    const needs = (section: string) => ({
      path: 'model',
      message: `the task transduce needs \`model.${section}\``,
      ...(['source', 'target'].includes(section) && { expected: `\`${section}: { representation: embedding }\`` }),
    })
    const text = transducerText.replace(/ {2}target: .*\n/, '').replace(/ {2}decoder: .*\n/, '')
    expect(problemsOf(text)).toEqual([needs('target'), needs('decoder')])
    const none = transducerText.replace(/model:\n( .*\n)*/, 'model: {}\n')
    expect(problemsOf(none)).toEqual(['source', 'target', 'encoder', 'context', 'decoder'].map(needs))
  })

  test('that the task needs for numbers', () => {
    const text = 'task: forecast\ndata: { source: { type: series } }\nmodel: { encoder: { cell: gru, hidden: 3 } }\n'
    expect(problemsOf(text, 'data', 'metrics', 'train')).toEqual([
      {
        path: 'model',
        message: 'the task forecast needs `model.source`',
        expected: '`source: { representation: numbers }`',
      },
      { path: 'model', message: 'the task forecast needs `model.context`' },
    ])
  })

  test('that it does not use', () => {
    const expected = '`source`, `encoder`, `features` or `head`'
    const unused = (section: string) => {
      const message = `the task tag does not use \`model.${section}\``
      return { path: `model.${section}`, message, expected }
    }
    const text = transducerText.replace('task: transduce', 'task: tag')
    expect(problemsOf(text)).toEqual([unused('target'), unused('context'), unused('decoder')])
    expect(problemsOf(text, 'model.decoder.receives')).toEqual(problemsOf(text))
    expect(problemsOf(text, 'task')).toEqual([])
  })

  test('that it does not use, which hide nothing that is wrong with the others', () => {
    const text = taggerText
      .replace('hidden: 3 }', 'hidden: 3, combine: sum }')
      .replace(/ {2}source: (.*)\n/, '$&  target: $1\n')
    expect(problemsOf(text).map(({ path }) => path)).toEqual(['model.target', 'model.encoder.combine'])
  })

  test('of which there are none where the model is no map', () => {
    const { spec, written } = unchecked(taggerText)
    expect(crossProblems(readable(spec, ['model']), { ...written, model: 7 })).toEqual([])
  })

  test('that fit each other', () => {
    const dot = transducerText
      .replace('type: additive, size: 4', 'type: dot')
      .replace('hidden: 4, receives', 'hidden: 5, receives')
    const [problem, ...others] = problemsOf(dot)
    expect(others).toEqual([])
    expect(problem).toMatchObject({ path: 'model.context.scorer', message: expect.stringContaining('of equal size') })
    expect(problemsOf(dot, 'model')).toEqual([])
    // Its sections come first: a model that lacks one is not looked at.
    expect(problemsOf(dot.replace(/ {2}target: .*\n/, '')).map(({ path }) => path)).toEqual(['model'])
  })
})

test('data that the task can read', () => {
  const text = taggerText.replace('examples: [[a b, x y]] }', '$&, targetTokens: { type: whitespace, minFrequency: 2 }')
  expect(problemsOf(text).map(({ path }) => path)).toEqual(['data.targetTokens.minFrequency'])
  expect(problemsOf(text, 'data')).toEqual([])
  expect(problemsOf(text, 'task')).toEqual([])
})

describe('metrics', () => {
  test('each once, of those that can score the task', () => {
    const text = `${taggerText}metrics: [slot-f1, { type: nothing }, token-accuracy, slot-f1, mase]\n`
    const problems = problemsOf(text)
    expect(problems.slice(0, 1)).toEqual([{ path: 'metrics.3', message: '`slot-f1` is in the list twice' }])
    expect(problems[1]).toMatchObject({ path: 'metrics.4', message: '`mase` cannot score the task tag' })
    expect(problems[1]?.expected).toBe(
      '`cross-entropy`, `exact-match`, `f1`, `macro-f1`, `precision`, `recall`, `slot-f1` or `token-accuracy`',
    )
    expect(problems).toHaveLength(2)
    expect(problemsOf(text, 'metrics')).toEqual([])
    expect(problemsOf(text, 'task')).toEqual([])
  })
})

test('metrics of alignments need attention, and select nothing', () => {
  const text = `${transducerText}metrics: [aer, ser]\n`
  expect(problemsOf(text)).toMatchObject([
    { path: 'train.validate.select', message: '`aer` cannot select a checkpoint: training knows no true alignment' },
  ])
  const last = text.replace('from: attention, scorer: { type: additive, size: 4 }', 'from: last-state')
  const blind = last.replace('[aer, ser]', '[ser, aer]')
  expect(problemsOf(blind)).toMatchObject([
    {
      path: 'metrics.1',
      message: '`aer` reads the weights of attention, and the model has none',
      received: 'last-state',
    },
  ])
  for (const section of ['task', 'metrics', 'model']) expect(problemsOf(blind, section)).toEqual([])
  expect(problemsOf(text.replace('[aer, ser]', '[ser, aer, alignment-mass]'))).toEqual([])
})

test('training under the task', () => {
  const text = taggerText.replace('steps: 100', 'steps: 100, epochs: 2')
  expect(problemsOf(text).map(({ path }) => path)).toEqual(['train'])
  // How long training takes does not depend on metrics.
  expect(problemsOf(text, 'metrics').map(({ path }) => path)).toEqual(['train'])
  for (const section of ['train', 'task']) expect(problemsOf(text, section)).toEqual([])
})

test('sections that go together', () => {
  const text = taggerText.replace(
    'representation: { type: embedding, size: 2 }',
    'representation: { type: embedding, size: 2, start: vectors }',
  )
  expect(problemsOf(text).map(({ path }) => path)).toEqual(['model.source.representation.start'])
})

describe('the search', () => {
  const beam = '{ type: beam, width: 2, nBest: 3 }'
  const searching = `${transducerText.replace('every: 10', `every: 10, decode: ${beam}`)}decode: ${beam}\n`

  test('of outputs and of validations', () => {
    expect(problemsOf(searching)).toEqual(
      ['decode.nBest', 'train.validate.decode.nBest'].map((path) => {
        return { path, message: 'a beam of 2 has no 3 best', expected: 'at most 2' }
      }),
    )
    expect(problemsOf(searching, 'decode').map(({ path }) => path)).toEqual(['train.validate.decode.nBest'])
    expect(problemsOf(searching, 'train').map(({ path }) => path)).toEqual(['decode.nBest'])
  })

  test('needs a model that attends where it goes by alignments; of a model that is wrong it is not known', () => {
    const covering = `${transducerText}decode: { type: beam, width: 2, coveragePenalty: 0.2 }\n`
    const blind = covering
      .replace(/ {2}context: .*/, '  context: { from: last-state }')
      .replace('receives: both', 'receives: initial-state')
    const problem = {
      path: 'decode.coveragePenalty',
      message: 'the model does not attend to its source, and this needs alignments',
      expected: 'model.context: attention',
    }
    expect(problemsOf(covering)).toEqual([])
    expect(problemsOf(blind)).toEqual([problem])
    expect(problemsOf(blind, 'model')).toEqual([])
  })

  test('would be ignored where nothing is searched for', () => {
    const message = 'the task tag does not search for an output: `decode` would be ignored'
    const tagger = (more: string, decode = '') => `${taggerText.replace('every: 10', `every: 10${more}`)}${decode}`
    expect(problemsOf(tagger(', decode: greedy', 'decode: greedy\n'))).toEqual([
      { path: 'decode', message },
      { path: 'train.validate.decode', message },
    ])
    expect(problemsOf(tagger('', 'decode: greedy\n'))).toEqual([{ path: 'decode', message }])
    expect(problemsOf(tagger(', decode: greedy'))).toEqual([{ path: 'train.validate.decode', message }])
    const exact = tagger('', 'decode: greedy\n').replace('hidden: 3 }', 'hidden: 3 }\n  head: crf')
    const viterbi = 'the head crf finds the best labels exactly, by Viterbi: `decode` would be ignored'
    expect(problemsOf(exact)).toEqual([{ path: 'decode', message: viterbi }])
    // Of a model that is wrong it is not known.
    expect(problemsOf(exact, 'model')).toEqual([{ path: 'decode', message }])
    const { spec, written } = unchecked(taggerText)
    for (const train of [null, { validate: null }]) expect(crossProblems(spec, { ...written, train })).toEqual([])
  })
})

describe('what a trained model is evaluated with instead', () => {
  const tagger = loadedFrom(taggerText).spec
  const transducer = loadedFrom(transducerText).spec
  const blind = loadedFrom(transducerText.replace(/ {2}context: .*/, '  context: { from: last-state }')).spec
  const beam = { type: 'beam', width: 2, lengthNormalisation: 0, nBest: 1 } as const

  test('may be nothing, or what its spec might have had', () => {
    for (const spec of [tagger, transducer, blind]) expect(evaluationProblems({}, spec)).toEqual([])
    expect(evaluationProblems({ metrics: [{ type: 'aer' }, { type: 'per' }], decode: beam }, transducer)).toEqual([])
  })

  test('has metrics that can score the task and read what the model has', () => {
    expect(evaluationProblems({ metrics: [{ type: 'per' }, { type: 'aer' }] }, blind)).toEqual([
      {
        path: 'metrics.1',
        message: '`aer` reads the weights of attention, and the model has none',
        expected: 'model.context.from: attention',
        received: 'last-state',
      },
    ])
    expect(evaluationProblems({ metrics: [{ type: 'per' }] }, tagger)).toMatchObject([
      { path: 'metrics.0', message: '`per` cannot score the task tag' },
    ])
  })

  test('has a search that its options allow and the model serves', () => {
    const problem = { path: 'decode.nBest', message: 'a beam of 2 has no 3 best', expected: 'at most 2' }
    expect(evaluationProblems({ decode: { ...beam, nBest: 3 } }, transducer)).toEqual([problem])
    const covering = { ...beam, coveragePenalty: 0.2 }
    expect(evaluationProblems({ decode: covering }, transducer)).toEqual([])
    expect(evaluationProblems({ decode: covering }, blind)).toEqual([
      {
        path: 'decode.coveragePenalty',
        message: 'the model does not attend to its source, and this needs alignments',
        expected: 'model.context: attention',
      },
    ])
  })

  test('has no search where nothing is searched for', () => {
    const wide = { ...beam, nBest: 3 }
    expect(evaluationProblems({ decode: wide }, tagger)).toEqual([
      { path: 'decode', message: 'the task tag does not search for an output' },
    ])
    const exact = loadedFrom(taggerText.replace('hidden: 3 }', 'hidden: 3 }\n  head: crf')).spec
    expect(evaluationProblems({ decode: wide }, exact)).toEqual([
      { path: 'decode', message: 'the head crf finds the best labels exactly, by Viterbi' },
    ])
  })
})
