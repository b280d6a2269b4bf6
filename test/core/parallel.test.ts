import { expect, test, vi } from 'vitest'
import { inParallel } from '../../src/core/parallel.js'

const soon = () => new Promise<void>((resolve) => setTimeout(resolve, 1))

test('results are in the order of the things, and no more are at work than lanes', async () => {
  let atWork = 0
  let most = 0
  const numbers = Array.from({ length: 20 }, (_, at) => at)
  const doubled = await inParallel(numbers, 3, async (number) => {
    most = Math.max(most, ++atWork)
    await soon()
    atWork--
    return 2 * number
  })
  expect(doubled).toEqual(numbers.map((number) => 2 * number))
  expect(most).toBe(3)
  expect(await inParallel([], 3, soon)).toEqual([])
})

test('the first error is thrown, and the other lane goes on with the rest', async () => {
  const done: number[] = []
  const work = async (number: number) => {
    await soon()
    if (number === 1) throw new Error('no')
    done.push(number)
  }
  await expect(inParallel([0, 1, 2, 3, 4, 5, 6, 7], 2, work)).rejects.toThrow('no')
  await vi.waitFor(() => expect(done).toEqual([0, 2, 3, 4, 5, 6, 7]))
})
