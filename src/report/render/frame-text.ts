import type { Frame } from '../analysis/samples/types.js'
import { count } from '../format/numbers.js'

/** `Step 1,200: PER 12.3 % on dev, the best so far`. */
export function frameText({ step, mean, dev, best }: Frame): string {
  const what = mean === undefined ? '' : `, the mean of ${count(mean)} validations' parameters`
  return `Step ${count(step)}${what}: ${dev} on dev${best ? ', the best so far' : ''}`
}
