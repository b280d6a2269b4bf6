import { join } from 'node:path'
import { expect, test } from 'vitest'
import { refuseLongest } from '../../src/inference/long-sources.js'
import { buildTrained } from '../../src/inference/trained-parts.js'
import { readModel } from '../../src/store/index.js'
import { toColumn } from '../train/toy.js'

test('the source that is too long is quoted, with its own spaces or none', () => {
  const parts = buildTrained(readModel(join(import.meta.dirname, '../goldens/models/tag')))
  const { spec } = parts
  const unroll = { type: 'untied', length: 4, merge: 'none' } as const
  const encoder = spec.model.encoder && { ...spec.model.encoder, unroll }
  const untied = {
    ...{ sizes: { ...parts.sizes, longestSource: 3 }, description: parts.description },
    spec: { ...spec, model: { ...spec.model, ...(encoder && { encoder }) } },
  }
  const tokens = (count: number) => Array.from({ length: count }, (_, at) => at + 4)
  const split = { source: toColumn([tokens(2), tokens(5)]), sourceTexts: [['a', 'b'], [...'vwxyz']] }
  const refused = (joiner: string) =>
    refuseLongest(
      { ...untied, description: { ...untied.description, joiners: { ...untied.description.joiners, source: joiner } } },
      split,
    )
  const reason = 'is too long: The model has weights for 4 steps, and a source has 5'
  expect(() => refused(' ')).toThrow(`The source \`v w x y z\` ${reason}`)
  expect(() => refused('')).toThrow(`The source \`vwxyz\` ${reason}`)
  expect(() => refuseLongest(untied, { source: toColumn([tokens(3), tokens(4)]) })).not.toThrow()
})
