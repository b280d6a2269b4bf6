import { expect, it } from 'vitest'
import { seriesTable } from '../../src/data/reading/series-table.js'

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
