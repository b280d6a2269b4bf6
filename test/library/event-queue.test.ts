import { expect, test } from 'vitest'
import { createEventQueue } from '../../src/library/event-queue.js'

async function read<Event>(events: AsyncIterable<Event>, most = Number.POSITIVE_INFINITY): Promise<Event[]> {
  const got: Event[] = []
  for await (const event of events) if (got.push(event) >= most) break
  return got
}

test('a reader gets every event in order, those that came faster than it reads too', async () => {
  const { push, end, events } = createEventQueue<number>()
  const reading = read(events)
  for (const event of [1, 2, 3]) push(event)
  await Promise.resolve()
  push(4)
  end()
  expect(await reading).toEqual([1, 2, 3, 4])
})

test('what is kept is read before the end, and before an error', async () => {
  const { push, fail, events } = createEventQueue<number>()
  const iterator = events[Symbol.asyncIterator]()
  push(1)
  fail(new RangeError('lost'))
  expect(await iterator.next()).toEqual({ done: false, value: 1 })
  await expect(iterator.next()).rejects.toThrow('lost')
})

test('a reader that waits is told of the end and of an error', async () => {
  const ending = createEventQueue<number>()
  const waiting = read(ending.events)
  ending.end()
  expect(await waiting).toEqual([])
  const failing = createEventQueue<number>()
  const lost = read(failing.events)
  failing.fail(new RangeError('lost'))
  await expect(lost).rejects.toThrow('lost')
})

test('nothing is kept before reading begins and after it stops', async () => {
  const { push, end, events } = createEventQueue<number>()
  push(1)
  const reading = read(events, 1)
  push(2)
  push(3)
  expect(await reading).toEqual([2])
  push(4)
  end()
  expect(await read(events)).toEqual([])
})
