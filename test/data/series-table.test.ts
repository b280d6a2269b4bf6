import { expect, it } from 'vitest'
import { seriesPlaces, seriesTable } from '../../src/data/reading/series-table.js'

const places = { names: ['sold', 'heat', 'day', 'price'], places: [0, 1, 2, 3] }
const widths = { targets: 1, inputs: 1, knownAhead: 2 }

it('carries what is missing ahead from its own column, as it does in steps that have been', () => {
  const table = seriesTable({ ...places, widths }, { missingValues: 'carry' }, { file: 'a.csv', count: 4, line: 1 })
  expect(table.step({ line: 2, cells: ['', '7', '', '4'] }, [1, 2, 10, 20])).toEqual([1, 7, 10, 4])
  expect(table.ahead({ line: 3, cells: ['', '', '', '5'] }, [10, 20])).toEqual([10, 5])
  expect(table.ahead({ line: 3, cells: ['', '', '11', ''] }, [10, 20])).toEqual([11, 20])
  expect(() => table.ahead({ line: 3, cells: ['', '', '', ''] }, undefined)).toThrow(/there is none before it to carry/)
})

it('a step is ahead where no target has a value yet, and something is known of it', () => {
  const file = { file: 'a.csv', count: 4, line: 1 }
  const isAhead = (known: object, ...cells: readonly string[]) =>
    seriesTable({ ...places, widths: { ...widths, ...known } }, { missingValues: 'carry' }, file).isAhead({
      line: 2,
      cells,
    })
  expect(isAhead({}, '', '7', '1', '2')).toBe(true)
  expect(isAhead({}, 'NA', '', '', '')).toBe(true)
  expect(isAhead({}, '5', '', '1', '2')).toBe(false)
  const two = { targets: 2, inputs: 0 }
  expect(isAhead(two, '', '', '1', '2')).toBe(true)
  expect(isAhead(two, '', '7', '1', '2')).toBe(false)
  expect(isAhead({ targets: 1, inputs: 3, knownAhead: 0 }, '', '', '', '')).toBe(false)
})

it('finds columns by name and number; where there is one alone, it asks for the separator', () => {
  const at = { file: 'a.csv', line: 1 }
  expect(seriesPlaces({ targets: ['heat', 1], knownAhead: [4] }, places.names, at)).toEqual({
    ...{ names: ['heat', 'sold', 'price'], places: [1, 0, 3], widths: { targets: 2, inputs: 0, knownAhead: 1 } },
  })
  expect(seriesPlaces({}, ['a', 'b'], at).widths).toEqual({ targets: 2, inputs: 0, knownAhead: 0 })
  const error = (targets: readonly (string | number)[], all: readonly string[]) => {
    try {
      return seriesPlaces({ targets: [...targets] }, all, at)
    } catch (caught) {
      return caught
    }
  }
  const hint = 'is the separator of columns another one? (`separator`)'
  expect(error([2], ['a;b'])).toMatchObject({
    ...{ message: 'a.csv:1: there is no column 2; expected 1 to 1', hint },
  })
  expect(error([3], ['a', 'b'])).toMatchObject({ message: 'a.csv:1: there is no column 3; expected 1 to 2' })
  expect(error([3], ['a', 'b'])).not.toHaveProperty('hint', hint)
  expect(error(['b', 2], ['a', 'b'])).toMatchObject({ message: 'a.csv:1: the column "b" is chosen twice' })
})
