import type { Look } from './interpret.js'

/** What the cells of a model have computed: by their place and name (`encoder/layer1/forward/z`), each step's numbers. */
export type Activity = ReadonlyMap<string, readonly (readonly number[])[]>

/** Keeps what is seen of the first example; `start`: the step that a recurrence's first one is. */
export function activityLog(): { readonly activity: Activity; look(start?: number): Look } {
  const activity = new Map<string, number[][]>()
  return {
    activity,
    look:
      (start = 0) =>
      (name, { shape, data }, step = 0) => {
        const steps = activity.get(name) ?? []
        steps[start + step] = Array.from(data.subarray(0, shape[1]))
        activity.set(name, steps)
      },
  }
}
