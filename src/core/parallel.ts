/**
 * Does the same to each of many things, so many at a time, and gives the results in the order of the things. All at once would
 * open as many files, or ask as many questions, as there are things. The first error is thrown; the others go on with the rest.
 */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  lanes: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const waiting = items.entries()
  const results: Result[] = []
  const lane = async () => {
    for (const [at, item] of waiting) results[at] = await work(item)
  }
  await Promise.all(Array.from({ length: Math.min(lanes, items.length) }, lane))
  return results
}

/** Folders of trials that are read at a time: more are no faster, and how many files a process may open is limited. */
export const trialsAtATime = 16

/** Studies that are read at a time, each with so many trials. */
export const studiesAtATime = 4
