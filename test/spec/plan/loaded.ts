import { isMap, type JsonMap, toJsonMap } from '../../../src/spec/document/nodes.js'
import { normalise } from '../../../src/spec/plan/normalise.js'
import { completed, taskNamed, withTaskDefaults } from '../../../src/spec/plan/rules.js'
import { specSchema } from '../../../src/spec/schema.js'
import type { LoadedSpec, Spec } from '../../../src/spec/types.js'
import { documentOf } from './documents.js'

/** A tagger: embedding of 2 numbers, Elman cell of hidden size 3, softmax. */
export const taggerText = `task: tag
data: { source: { type: inline, examples: [[a b, x y]] } }
model:
  source: { representation: { type: embedding, size: 2 } }
  encoder: { cell: elman, hidden: 3 }
train: { optimizer: sgd, steps: 100, batchSize: 2, validate: { every: 10 } }
`

/** GRUs of hidden size 4, both with embeddings of 4 numbers and additive attention of size 4. */
export const transducerText = `task: transduce
data: { source: { type: inline, examples: [[ab, x y]] } }
model:
  source: { representation: { type: embedding, size: 4 } }
  target: { representation: { type: embedding, size: 4 } }
  encoder: { cell: gru, hidden: 4 }
  context: { from: attention, scorer: { type: additive, size: 4 } }
  decoder: { cell: gru, hidden: 4, receives: both }
train: { optimizer: adam, steps: 100, batchSize: 2, validate: { every: 10 } }
`

const schema = specSchema()

/** A right spec as it is loaded from a file with this text; checking it against its schema would take most of the time. */
export function loadedFrom(text: string, label = 'some', variant: LoadedSpec['variant'] = {}): LoadedSpec {
  const { spec, written } = unchecked(text)
  const task = taskNamed(written.task)
  if (task === undefined) throw new RangeError('there is no such task')
  const node = documentOf(text)
  return { spec: completed(spec, task, written), file: 'some.yaml', baseDir: '.', variant, label, written: node }
}

/** A spec with its defaults, and as it is written; nothing of it is checked. */
export function unchecked(text: string): { readonly spec: Spec; readonly written: JsonMap } {
  const written = toJsonMap(documentOf(text))
  const { value } = normalise(schema, withTaskDefaults(written))
  if (!isMap(value)) throw new RangeError('a spec is a map')
  return { spec: { name: 'some', ...value } as unknown as Spec, written }
}
