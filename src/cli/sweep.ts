import type { Problem } from '../core/errors.js'
import { selectTrials } from '../spec/plan/select.js'
import { prepare } from '../spec/prepare.js'
import type { Plan } from '../spec/types.js'
import { keepInput, readStartingState as readState } from '../store/index.js'
import { budgetProblems, placeOf } from './cluster.js'
import { execute } from './execute.js'
import { readingNoted } from './inputs.js'
import type { RunFlags } from './options.js'
import { powersOf } from './powers.js'
import { standardInput } from './standard-input.js'
import { clusterPlan } from './text/cluster.js'
import { refuse } from './text/errors.js'
import { printMatched, printNotes, printPlan } from './text/plan.js'

export interface SweepFlags extends RunFlags {
  readonly name?: string | undefined
  readonly plan: boolean
  readonly quick: boolean
  readonly pilot?: string | undefined
  readonly only?: readonly string[] | undefined
  /** Whether the study must have `published` results. */
  readonly published?: boolean | undefined
}

/** Runs a study; its plan where it was run, undefined where it was refused or only printed. Sets the exit code. */
export async function sweep(file: string, flags: SweepFlags): Promise<Plan | undefined> {
  const { set, dataDir, name, quick, only, pilot } = flags
  if (pilot !== undefined && !flags.plan) return refused([pilotWithoutPlan])
  const place = await placeOf(flags)
  const { memoryBytes } = place
  const { readFile, files } = readingNoted()
  const { plan, problems, matched, minutes, notes } = await prepare([file], {
    ...{ readState, kind: 'study', set, dataDir, name, quick, memoryBytes, readFile },
    standardInput: standardInput((bytes) => keepInput(flags.out, bytes)),
  })
  const unfit = [...place.problems, ...budgetProblems(flags, minutes)]
  if (plan === undefined || unfit.length > 0) return refused([...unfit, ...problems])
  if (flags.published === true && plan.published === undefined) return refused([nothingPublished(file)])
  if (!flags.quiet) printNotes(notes)
  const selected = selectTrials(plan, only)
  if ('problem' in selected) return refused([selected.problem])
  const { trials } = selected
  if (flags.plan) {
    const on = clusterPlan(place, plan.study, trials, flags.out)
    printPlan({ ...flags, trials, matched, powers: await powersOf(plan, flags), ...(on && { on }) })
    return undefined
  }
  if (!flags.quiet) printMatched(matched)
  const ids = only && trials.map(({ id }) => id)
  process.exitCode = await execute({ plan, flags, files, place, only: ids, minutes, pages: false, collect: false })
  return plan
}

function nothingPublished(file: string): Problem {
  return {
    path: '',
    message: 'this study has no `published` results to reproduce',
    expected: '`published: { source: ..., figures: [{ metric: ..., value: ... }] }`',
    hint: 'Add it, or run the study by `seqlab sweep`.',
    place: { file, line: 1, column: 1 },
  }
}

function refused(problems: readonly Problem[]): undefined {
  refuse(problems)
}

const pilotWithoutPlan = {
  path: '',
  message: '--pilot tells --plan what spread to expect, and changes nothing of a sweep',
  hint: 'Add --plan, or leave it out.',
}
