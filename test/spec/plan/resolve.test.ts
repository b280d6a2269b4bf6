import { describe, expect, test } from 'vitest'
import type { JsonSchema } from '../../../src/spec/document/schema-navigation.js'
import { createValidate } from '../../../src/spec/document/validate.js'
import { nameOf, resolveSpec, structuralProblems } from '../../../src/spec/plan/resolve.js'
import { specSchema } from '../../../src/spec/schema.js'
import { documentOf } from './documents.js'
import { taggerText, transducerText } from './loaded.js'

const validate = createValidate()
const resolved = (text: string, file = 'dir/my spec.yaml') =>
  resolveSpec(specSchema(), validate, documentOf(text), file)

test.each([
  ['a/b/spec.yaml', 'spec'],
  ['spec.yml', 'spec'],
  ['spec.JSON', 'spec'],
  ['spec.yaml.txt', 'spec.yaml.txt'],
  ['yaml', 'yaml'],
  ['a-b_c.d.yaml', 'a-b_c.d'],
  ['über 2 (1).yaml', 'über-2--1-'],
  ['..hidden.yaml', 'hidden'],
  ['-_x.yaml', 'x'],
  ['---.yaml', 'spec'],
  [`${'a'.repeat(150)}.yaml`, 'a'.repeat(100)],
])('%s is named %s', (file, name) => {
  expect(nameOf(file)).toBe(name)
})

describe('a spec that is right', () => {
  test('is complete, in one order, with a name', () => {
    const found = resolved(`seed: 3\n${taggerText}`)
    if (!('spec' in found)) throw new RangeError('no spec')
    const { spec, problems } = found
    expect(problems).toEqual([])
    expect(Object.keys(spec)).toEqual(['name', 'task', 'data', 'model', 'train', 'decode', 'metrics', 'seed'])
    expect(spec).toMatchObject({ name: 'my-spec', seed: 3, task: { type: 'tag' }, decode: { type: 'greedy' } })
    expect(spec.metrics).toEqual([{ type: 'token-accuracy' }])
    expect(spec.train.validate.select).toEqual([{ type: 'token-accuracy' }])
    expect(spec.data.split).toMatchObject({ dev: 1000 })
  })

  test('has the name that is written', () => {
    expect(resolved(`name: mine\n${taggerText}`)).toMatchObject({ spec: { name: 'mine' } })
  })
})

describe('a spec that is wrong', () => {
  const problemsOf = (text: string) => resolved(text).problems

  test('has problems of its schema and of its rules in one round, with their places', () => {
    const text = taggerText.replace('hidden: 3', 'hidden: 0').replace('steps: 100', 'steps: 100, epochs: 2')
    expect(problemsOf(text)).toEqual([
      {
        path: 'model.encoder.hidden',
        message: 'is too small',
        expected: 'a whole number, at least 1 and at most 65,536',
        received: '0',
        place: { file: 'some.yaml', line: 5, column: 35 },
      },
      {
        path: 'train',
        message: 'Both `steps` and `epochs` are given',
        expected: 'exactly one of `steps` and `epochs`',
        place: { file: 'some.yaml', line: 6, column: 8 },
      },
    ])
  })

  test('has no problems of rules about sections that do not fit their schemas', () => {
    const wrong = taggerText.replace('steps: 100', 'steps: 0, epochs: 2')
    expect(problemsOf(wrong).map(({ path }) => path)).toEqual(['train.steps'])
    const misnamed = taggerText.replace('task: tag', 'task: tagg').replace('steps: 100', 'steps: 100, epochs: 2')
    expect(problemsOf(misnamed).map(({ path }) => path)).toEqual(['task'])
    // A tagger's `decode` would be ignored, whatever its options are.
    const other = taggerText.replace('task: tag', 'task: { type: tag, x: 1 }')
    expect(problemsOf(`${other}decode: greedy\n`).map(({ path }) => path)).toEqual(['task.x', 'decode'])
    expect(problemsOf(`${taggerText}decode: greedy\n`).map(({ path }) => path)).toEqual(['decode'])
    // `metrics` is no part of `metricsX`.
    const text = `metricsX: 1\nmetrics: [mase]\n${taggerText}`
    expect(problemsOf(text).map(({ path }) => path)).toEqual(['metricsX', 'metrics.0'])
  })

  test('has all problems of rules about what does fit, in the same round', () => {
    const decoding = `task: language-model
data: { source: { type: text, file: some.txt } }
model: { decoder: { cell: gru, hidden: 8 } }
train: { optimizer: adam, steps: 10, batchSize: 2, validate: { every: 5 } }
`
    expect(problemsOf(decoding).map(({ path, message }) => [path, message.slice(0, 46)])).toEqual([
      ['model.decoder.receives', 'model.decoder needs `receives` (How C enters t'],
      ['model', 'the task language-model needs `model.source`'],
      ['model', 'the task language-model needs `model.encoder`'],
      ['model.decoder', 'the task language-model does not use `model.de'],
    ])
    // One layer has nothing to go around, two directions there are not, and two of these metrics are the same.
    const several = transducerText
      .replace('encoder: { cell: gru, hidden: 4 }', 'encoder: { cell: grru, hidden: 4, residual: true, combine: sum }')
      .replace('receives: both', 'receives: boths, variational: true')
    expect(problemsOf(`${several}metrics: [ser, seer, ser]\n`).map(({ path }) => path)).toEqual([
      ...['model.encoder.cell', 'metrics.1', 'model.decoder.receives'],
      ...['model.encoder.residual', 'model.encoder.combine', 'model.decoder.variational', 'metrics.2'],
    ])
  })

  test('has no problem of a rule that a misspelt key, or the name of a part, would explain', () => {
    const pathsOf = (from: string, to: string, text = transducerText) =>
      problemsOf(text.replace(from, to)).map(({ path }) => path)
    expect(pathsOf('steps: 100', 'stpes: 100')).toEqual(['train.stpes'])
    expect(pathsOf('steps: 100', 'max_steps: 100')).toEqual(['train.max_steps'])
    expect(pathsOf('steps: 100', 'foo: 100')).toEqual(['train.foo', 'train'])
    // Without its name the scorer of a context is not known either.
    expect(pathsOf('from: attention, scorer: { type: additive, size: 4 }', 'from: atention, scorer: dot')).toEqual([
      'model.context.from',
    ])
  })

  test('has no problems of rules where there are more of its schema than are reported', () => {
    const combining = taggerText.replace('hidden: 3', 'hidden: 3, combine: sum')
    const pathsOf = (wrong: number) =>
      problemsOf(combining.replace('steps: 100', `steps: 100, freeze: [${Array(wrong).fill('7').join(', ')}]`)).map(
        ({ path }) => path,
      )
    const frozen = Array.from({ length: 100 }, (_, index) => `train.freeze.${index}`)
    expect(pathsOf(100)).toEqual([...frozen, 'model.encoder.combine'])
    expect(pathsOf(101)).toEqual([...frozen, ''])
  })

  test('has problems of rules that a trained model is not asked', () => {
    const text = `task: language-model
data: { source: { type: text, file: words.txt } }
model: { source: { representation: { type: embedding, size: 2 } }, encoder: { cell: elman, hidden: 3 } }
train: { optimizer: sgd, steps: 100, batchSize: 2, validate: { every: 10 } }
metrics: [perplexity, bits-per-character]
`
    expect(problemsOf(text).map(({ path }) => path)).toEqual(['metrics.1'])
    expect(resolveSpec(specSchema(), validate, documentOf(text), 'spec.yaml', true).problems).toEqual([])
  })

  test('has the place of an unknown key, and of a missing one the place of what lacks it', () => {
    const [unknown] = problemsOf(taggerText.replace('hidden: 3', 'hiden: 3, hidden: 3'))
    expect(unknown).toMatchObject({ code: 'unknown-key', place: { line: 5, column: 27 } })
    const [missing] = problemsOf(taggerText.replace(', hidden: 3', ''))
    expect(missing).toMatchObject({ path: 'model.encoder.hidden', place: { line: 5, column: 3 } })
  })

  test('has a hint where there is no value, or `null`', () => {
    const [none, empty] = ['hidden: null', 'hidden:'].map((hidden) =>
      problemsOf(taggerText.replace('hidden: 3', hidden)),
    )
    expect(none).toEqual([
      {
        path: 'model.encoder.hidden',
        message: 'has no allowed form',
        expected:
          'a whole number, at least 1 and at most 65,536, or a list of at least 1 (each a whole number, at least 1 and at most 65,536)',
        received: 'nothing (null)',
        hint: 'give it a value, or leave the key out: `null`, or nothing at all, only takes away what is inherited (`extends`) or set before (a grid, `--set`)',
        place: { file: 'some.yaml', line: 5, column: 35 },
      },
    ])
    expect(empty).toEqual(none)
  })

  const hintOf = (line: string, text = transducerText) => {
    const [problem, ...others] = problemsOf(`${text}${line}\n`)
    expect(others).toEqual([])
    return problem?.hint
  }

  test('keys of a study', () => {
    const hint = 'belongs to a study, a file that `seqlab sweep` runs, and is no option of a spec'
    expect(hintOf('grid: { a: [1] }')).toBe(`\`grid\` ${hint}`)
    expect(hintOf('seeds: 3')).toBe(`\`seeds\` ${hint}; for several seeds of one spec use \`--set seed=1,2,3\``)
    const [inside] = problemsOf(transducerText.replace('every: 10', 'every: 10, grid: 1'))
    expect(inside?.hint).toBeUndefined()
  })

  test('keys that are elsewhere: at their full path', () => {
    expect(hintOf('batchSize: 3')).toBe('write its full path: `train.batchSize`')
    expect(hintOf('optimizer.learningRate: 3')).toBe('write its full path: `train.optimizer.learningRate`')
    expect(hintOf('hidden: 3')).toBe('write its full path: `model.encoder.hidden` or `model.decoder.hidden`')
    const [inside] = problemsOf(transducerText.replace('every: 10', 'every: 10, batchSize: 3'))
    expect(inside).toMatchObject({ path: 'train.validate.batchSize', hint: 'write its full path: `train.batchSize`' })
    expect(hintOf('encoder.hidden: 3')).toBe('write its full path: `model.encoder.hidden`')
    expect(hintOf('nothing: 3')).toBeUndefined()
    expect(hintOf('type: 3')?.match(/`/g)).toHaveLength(8)
  })

  test('keys that other programs have: the paths here, those first that begin alike', () => {
    expect(hintOf('lr: 3')).toBe('here it is `train.optimizer.learningRate`')
    expect(hintOf('units: 3')).toMatch(/^here it is `model\.encoder\.hidden` or `model\.decoder\.hidden`/)
    const [inside] = problemsOf(
      transducerText.replace('decoder: { cell: gru', 'decoder: { cell: { type: gru, units: 3 }'),
    )
    expect(inside?.hint).toMatch(/^here it is `model\.decoder\.hidden` or `model\.encoder\.hidden`/)
    const [told] = problemsOf(transducerText.replace('every: 10', 'every: 10, early_stopping: 3'))
    expect(told?.message).toBe('`early_stopping` is not a key of train.validate; here it is `patience`')
    expect(told?.hint).toBeUndefined()
  })

  test('keys that are of other parts, or that there is a reason for', () => {
    const [other] = problemsOf(taggerText.replace('cell: elman', 'cell: { type: elman, reset: after }'))
    expect(other?.hint).toBe('`reset` is an option of `gru`')
    const mixed = transducerText.replace('encoder: { cell: gru', 'encoder: { cell: { type: elman, reset: after }')
    expect(problemsOf(mixed)[0]?.hint).toBe('`reset` is an option of `gru`')
  })
})

describe('the data of a spec that is wrong elsewhere', () => {
  const dataOf = (text: string) => {
    const found = resolved(text)
    return 'dataOf' in found ? found.dataOf : undefined
  }
  const wrongModel = taggerText.replace('hidden: 3', 'hidden: 0')

  test('can be read, as they are completed', () => {
    expect(dataOf(wrongModel)).toMatchObject({ task: { type: 'tag' }, data: { split: { dev: 1000, test: 2000 } } })
    expect(dataOf(wrongModel.replace('every: 10', 'every: 0'))).toBeDefined()
    expect(dataOf(taggerText)).toBeUndefined()
  })

  test('unless they or the task are wrong, too', () => {
    expect(dataOf(wrongModel.replace('task: tag', 'task: tagg'))).toBeUndefined()
    expect(dataOf(taggerText.replace('task: tag', 'task: tagg'))).toBeUndefined()
    expect(dataOf(wrongModel.replace('task: tag', 'task: { type: tag, x: 1 }'))).toBeUndefined()
    expect(dataOf(wrongModel.replace('type: inline', 'type: inlin'))).toBeUndefined()
    const labels = wrongModel.replace('y]] }', '$&, targetTokens: { type: whitespace, minFrequency: 2 }')
    expect(resolved(labels).problems.map(({ path }) => path)).toEqual([
      'model.encoder.hidden',
      'data.targetTokens.minFrequency',
    ])
    expect(dataOf(labels)).toBeUndefined()
  })
})

describe('what does not fit a schema', () => {
  const schema: JsonSchema = { type: 'integer' }
  const problem = { path: 'x', message: 'known before' }

  test('is what the validator says, and what was known before', () => {
    const [wrong] = structuralProblems({ schema, value: 'a', problems: [] }, validate, undefined)
    expect(wrong).toMatchObject({ path: '', message: 'has the wrong type' })
    expect(structuralProblems({ schema, value: 1, problems: [] }, validate, undefined)).toEqual([])
    expect(structuralProblems({ schema, value: 1, problems: [problem] }, validate, undefined)).toEqual([problem])
  })

  test('is nothing where a validator that is compiled ahead finds nothing', () => {
    const wrong = { schema, value: 'a', problems: [] }
    expect(structuralProblems(wrong, validate, () => true)).toEqual([])
    expect(structuralProblems(wrong, validate, () => false)).toHaveLength(1)
    expect(structuralProblems({ ...wrong, problems: [problem] }, validate, () => true)).toHaveLength(2)
  })
})
