/** Wakes one waiter; a ring that nobody waited for is not lost. */
export interface Bell {
  ring(): void
  rung(): Promise<void>
}

export function createBell(): Bell {
  let pending = false
  let waiter: (() => void) | undefined
  return {
    ring: () => {
      pending = true
      waiter?.()
    },
    rung: async () => {
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
