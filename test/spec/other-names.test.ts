// Names that everyone types are answered with the name here.
import { describe, expect, test } from 'vitest'
import { registries } from '../../src/spec/catalogue.js'
import { isMap, type Json } from '../../src/spec/document/nodes.js'
import { keysCalled, partCalled } from '../../src/spec/document/other-names.js'
import { valueCalled } from '../../src/spec/document/other-values.js'
import { loadSpecs } from '../../src/spec/plan/load-specs.js'
import { specSchema } from '../../src/spec/schema.js'

/** Every text that an option of a schema may be, by the option's name. */
function valuesIn(schema: Json, option: string): (readonly [option: string, value: string])[] {
  if (Array.isArray(schema)) return schema.flatMap((each: Json) => valuesIn(each, option))
  if (!isMap(schema)) return []
  const own = typeof schema.const === 'string' ? [[option, schema.const] as const] : []
  const below = Object.entries(schema).flatMap(([key, each]) => {
    if (key !== 'properties' || !isMap(each)) return valuesIn(each, option)
    return Object.entries(each).flatMap(([name, property]) => valuesIn(property, name))
  })
  return [...own, ...below]
}

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
  ['train.optimizer=adam_w', 'that is `adamw`'],
  ['train.optimizer=Adamax', '`adam` and `adamw` are the nearest'],
  ['train.schedule=ReduceLROnPlateau', 'that is `plateau`'],
  ['train.schedule=noam', 'that is `inverse-square-root`, with `warmup`'],
  ['model.source.representation.initialiser=xavier_uniform', 'that is `glorot`'],
  ['metrics=[ce]', 'that is `cross-entropy`'],
  ['metrics=[f1_score]', 'that is `f1`, or `macro-f1`'],
  ['metrics=[{ type: slot-f1, scheme: bio }]', '`bio` is not an allowed value | that is `iob2`'],
  ['metrics=[{ type: slot-f1, scheme: BIEOS }]', 'that is `iobes`'],
  ['metrics=[{ type: slot-f1, scheme: BIOUL }]', 'that is `bilou`'],
  ['model.encoder.combine=concatenation', 'that is `concat`'],
  ['model.decoder.receives=each_step', 'that is `every-step`'],
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

  test('a value is that of the option alone', () => {
    expect(valueCalled('task.loss', 'MSE')).toBe('that is `squared`')
    expect(valueCalled('metrics.0.scheme', 'bieos')).toBe('that is `iobes`')
    expect(valueCalled('metrics.0.scheme', 'mse')).toBeUndefined()
    expect(valueCalled('metrics.0.scheme', 'constructor')).toBeUndefined()
    expect(valueCalled('constructor', 'name')).toBeUndefined()
  })

  test('none of the values of any option is in it', () => {
    const known = valuesIn(specSchema(), '')
    expect(known).toContainEqual(['scheme', 'iob2'])
    for (const [option, value] of known)
      expect([option, value, valueCalled(option, value)]).toEqual([option, value, undefined])
  })

  test.each(registries.map(({ kind, names }) => [kind, names] as const))(
    '%s: none of its own names is in it',
    (kind, names) => {
      for (const name of names) expect(partCalled(kind, name)).toBeUndefined()
    },
  )
})
