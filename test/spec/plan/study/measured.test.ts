import { expect, test } from 'vitest'
import { measuredAs, metricOf } from '../../../../src/spec/plan/study/measured.js'
import { loadedFrom, taggerText } from '../loaded.js'

test('a curve is one under the options of the first variant of the same training that records it', () => {
  const slotF1 = (scheme: string) => `metrics: [token-accuracy, { type: slot-f1, scheme: ${scheme} }]`
  const plain = loadedFrom(`${taggerText}metrics: [token-accuracy]\n`)
  const bio = loadedFrom(`${taggerText}${slotF1('BIO')}\n`)
  const bioes = loadedFrom(`${taggerText}${slotF1('BIOES')}\n`)
  const all = [plain, bio, bioes]
  const [, recorded] = bio.spec.metrics
  expect(recorded).toMatchObject({ type: 'slot-f1', scheme: 'BIO' })
  expect(all.map(metricOf({ curve: 'slot-f1' }, all))).toEqual([recorded, recorded, recorded])
  expect(measuredAs({ curve: 'slot-f1' }, all, all)).toEqual([recorded])
})
