import { expect, test } from 'vitest'
import { aheadScaling, inputScaling, targetScaling } from '../../src/data/scaling.js'

test('scalings are of what is forecast, what is read alone and what is known ahead, in their order', () => {
  const of = (name: string, role?: 'input' | 'known-ahead') => ({
    ...{ name, mean: 0, scale: 1, naiveError: 1, ...(role && { role }) },
  })
  const all = [of('load'), of('price'), of('wind', 'input'), of('hour', 'known-ahead'), of('day', 'known-ahead')]
  const names = (some: ReturnType<typeof targetScaling>) => some.map(({ name }) => name)
  expect(names(targetScaling(all))).toEqual(['load', 'price'])
  expect(names(inputScaling(all))).toEqual(['wind'])
  expect(names(aheadScaling(all))).toEqual(['hour', 'day'])
})
