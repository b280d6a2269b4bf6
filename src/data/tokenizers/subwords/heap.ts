/** A binary heap: `pop` gives an item that comes before all others. */
export interface Heap<Item> {
  push(item: Item): void
  pop(): Item | undefined
}

export function heap<Item>(isBefore: (a: Item, b: Item) => boolean): Heap<Item> {
  const items: Item[] = []
  const swapped = (child: number, parent: number): boolean => {
    const [low, high] = [items[child], items[parent]]
    if (low === undefined || high === undefined || !isBefore(low, high)) return false
    items[child] = high
    items[parent] = low
    return true
  }
  const sink = () => {
    for (let parent = 0; ; ) {
      const [left, right] = [items[2 * parent + 1], items[2 * parent + 2]]
      const isRight = left !== undefined && right !== undefined && isBefore(right, left)
      const child = 2 * parent + (isRight ? 2 : 1)
      if (!swapped(child, parent)) return
      parent = child
    }
  }
  return {
    push(item) {
      items.push(item)
      for (let at = items.length - 1; at > 0 && swapped(at, (at - 1) >> 1); ) at = (at - 1) >> 1
    },
    pop() {
      const [first] = items
      const last = items.pop()
      if (items.length > 0 && last !== undefined) {
        items[0] = last
        sink()
      }
      return first
    },
  }
}
