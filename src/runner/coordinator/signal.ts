/** Wakes one waiter; a notification that nobody waited for is not lost. */
export interface Signal {
  notify(): void
  wait(): Promise<void>
}

export function createSignal(): Signal {
  let pending = false
  let waiter: (() => void) | undefined
  return {
    notify: () => {
      pending = true
      waiter?.()
    },
    wait: async () => {
      if (!pending) {
        await new Promise<void>((resolve) => {
          waiter = resolve
        })
      }
      waiter = undefined
      pending = false
    },
  }
}
