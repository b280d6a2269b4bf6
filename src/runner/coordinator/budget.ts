/** The wall-clock time that a run may take. */
export interface Budget {
  isSpent(): boolean
  clear(): void
}

/** Starts counting; `onSpent` is called once when the time is over. */
export function startBudget(budgetMs: number, onSpent: () => void): Budget {
  let spent = false
  const end = () => {
    spent = true
    onSpent()
  }
  const timer = Number.isFinite(budgetMs) ? setTimeout(end, Math.min(budgetMs, longestTimerMs)) : undefined
  return { isSpent: () => spent, clear: () => clearTimeout(timer) }
}

/** What setTimeout can hold: 24 days. */
const longestTimerMs = 2 ** 31 - 1
