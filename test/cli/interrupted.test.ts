import { expect, test } from 'vitest'
import { interruptedLine } from '../../src/cli/text/interrupted.js'

const evaluation = (label: string, seed: number) => ({ trialId: `${seed}`, label, seed })

test('an interrupted run says how many trials are finished, and names evaluations that are missing', () => {
  const line = (missing: readonly ReturnType<typeof evaluation>[]) => interruptedLine({ records: [], missing }, 2)
  expect(line([])).toBe('stopped: 0 of 2 trials finished; the same command continues')
  expect(line([evaluation('beam', 1)])).toBe(
    'stopped: 0 of 2 trials finished, 1 evaluation missing (beam seed 1); the same command continues',
  )
  expect(line([1, 2, 3, 4, 5].map((seed) => evaluation('beam', seed)))).toBe(
    'stopped: 0 of 2 trials finished, 5 evaluations missing (beam seed 1, beam seed 2, beam seed 3, 2 more); the same command continues',
  )
  expect(interruptedLine({ records: [], missing: [] }, 1)).toContain('0 of 1 trial finished')
})
