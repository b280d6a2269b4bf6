// Names that everyone types are answered with the name here.
import { describe, expect, test } from 'vitest'
import { registries } from '../../src/spec/catalogue.js'
import { keysCalled, partCalled } from '../../src/spec/document/other-names.js'
import { loadSpecs } from '../../src/spec/plan/load-specs.js'

const set = (...assignments: readonly string[]) =>
  loadSpecs(['configs/attention-additive.yaml'], { set: assignments }).problems.map(
    ({ message, hint = '' }) => `${message} | ${hint}`,
  )

test.each([
  ['model.encoder.units=64', '`units` is not a key of model.encoder; here it is `hidden`'],
  ['model.encoder.num_layers=2', 'here it is `layers`'],
  ['train.batch=32', '`batch` is not a key of train; here it is `batchSize`'],
  ['train.optimizer.lr=0.1', 'here it is `learningRate`'],
  ['train.lr=0.1', 'here it is `train.optimizer.learningRate`'],
  ['lr=0.1', 'here it is `train.optimizer.learningRate`'],
  ['model.encoder.dropout_rate=0.1', 'here it is `dropout`'],
  ['train.earlyStopping=5', 'here it is `train.validate.patience`'],
  ['model.attention=additive', 'here it is `model.context.scorer`'],
  ['model.encoder.cell=rnn', 'the plain recurrent network is `elman`'],
  ['model.encoder.cell=BiLSTM', 'write cell: lstm with bidirectional: true'],
  ['model.context.scorer=bahdanau', 'that is `additive`'],
  ['model.context.scorer=luong', 'Luong et al. 2015 have `dot`, `general` and "concat", which is `additive`'],
  ['model.context.scorer=concat', 'that is `additive`'],
  ['metrics=[em]', 'that is `exact-match`'],
  ['model.source.representation=bert', 'there are no pretrained encoders'],
  ['model.source.sourceFactors=1', 'here it is `factors`'],
  ['data.sourceTokens=char', 'that is `characters`'],
  ['task=seq2seq', 'that is `transduce`'],
])('--set %s', (assignment, answer) => {
  expect(set(assignment).join('\n')).toContain(answer)
})

test('a misspelt name of seqlab is still answered with the nearest', () => {
  expect(set('model.encoder.hiden=64').join()).toContain('did you mean `hidden`?')
  expect(set('model.encoder.cell=lsmt').join()).toContain('did you mean `lstm`?')
})

describe('the table', () => {
  test('case and hyphens do not matter', () => {
    expect(keysCalled('Batch-Size')).toEqual(['batchSize'])
    expect(partCalled('cell', 'RNN')).toBe(partCalled('cell', 'rnn'))
    expect(partCalled('cell', 'constructor')).toBeUndefined()
    expect(keysCalled('toString')).toEqual([])
  })

  test.each(registries.map(({ kind, names }) => [kind, names] as const))(
    '%s: none of its own names is in it',
    (kind, names) => {
      for (const name of names) expect(partCalled(kind, name)).toBeUndefined()
    },
  )
})
