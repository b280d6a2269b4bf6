import { expect, test } from 'vitest'
import { mergedIn } from '../../src/data/encoding/merged.js'
import type { HeldOutExample } from '../../src/data/encoding/sets.js'

const of = (source: string, merged: number, ...labels: readonly string[]): HeldOutExample => ({
  ...{ source: [source], targets: labels.map((label) => [label]), merged },
})

test('sources that are there more than once are counted, and those with several labels where there are any', () => {
  const [once, alike, several] = [of('a', 1, 'x'), of('b', 3, 'x'), of('c', 2, 'x', 'y')]
  expect(mergedIn({ dev: [once], test: [once, alike] }, { target: 'label' })).toStrictEqual({
    merged: { test: { read: 4, examples: 2 } },
  })
  expect(mergedIn({ test: [once, alike, several] }, { target: 'label' })).toStrictEqual({
    merged: { test: { read: 6, examples: 3, severalLabels: 1 } },
  })
  expect(mergedIn({ test: [several] }, { target: 'tokens' })).toStrictEqual({
    merged: { test: { read: 2, examples: 1 } },
  })
  expect(mergedIn({ test: [once] }, { target: 'label' })).toStrictEqual({})
})
