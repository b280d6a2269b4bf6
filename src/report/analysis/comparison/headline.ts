import { dirname } from 'node:path'
import { isNumber } from '../../../core/measured.js'
import { agree, counted } from '../../format/grammar.js'
import { count } from '../../format/numbers.js'
import { seenSourcesText } from '../seen-sources.js'
import type { ComparedTrial, ComparisonReport, Group } from './types.js'

/** What a terminal prints, and what comes first in every format: what is not finished, then the answers. */
export function headline(report: ComparisonReport): string[] {
  return [...unfinishedText(report), ...answerText(report)]
}

/** How much of the studies has no result: not started, running, failed; nothing where all is finished. */
export function unfinishedText({ studies, groups }: Pick<ComparisonReport, 'studies' | 'groups'>): string[] {
  return [...studies.flatMap(unfinished), ...groups.flatMap(failures)]
}

/** The answers, and what a reader must know of the trials that they are from. */
export function answerText({ groups, copies }: ComparisonReport): string[] {
  const answers = groups.flatMap((group) => [...mainText(group), ...seenText(group)])
  const nothing = copies.some((copy) => !isEqual(copy))
    ? 'No other trial has finished: there is nothing to compare without them.'
    : 'No trial has finished: there is nothing to compare yet.'
  return [...copiesText(copies), ...groups.flatMap(concernsText), ...(answers.length > 0 ? answers : [nothing])]
}

/** First what values the variants have and which of them the tests tell apart, then by how much. */
function mainText({ metrics, effects }: Group): string[] {
  const [main] = metrics
  if (main === undefined) return []
  const factors = effects.flatMap(({ metric }) => metric.ranking.text.slice(0, 1))
  const otherWays = metrics.filter((one) => one !== main && one.metric !== undefined && one.metric === main.metric)
  const others = otherWays.flatMap(({ ranking, answer }) => [...ranking.text, ...answer])
  return [...main.ranking.text, ...factors, ...main.answer, ...others]
}

function seenText({ seenInTraining, examples }: Group): string[] {
  const seen = isNumber(seenInTraining) ? seenInTraining : 0
  const text = seenSourcesText({ split: 'test', seen, examples })
  return text === undefined ? [] : [`${text}.`]
}

const namedAtMost = 3

const states = [
  ['not started', 'not started'],
  ['queued', 'waiting in the queue of a cluster'],
  ['begun', 'running or interrupted'],
  ['not evaluated', 'trained and not evaluated yet'],
] as const

function unfinished({ name, planned, missing }: ComparisonReport['studies'][number]): string[] {
  if (missing.length === 0) return []
  const results = `${count(missing.length)} of ${counted(planned, 'result')}`
  const parts = states.flatMap(([state, words]) => {
    const of = missing.filter((one) => one.state === state).map(({ trial }) => trial)
    return of.length === 0 ? [] : [`${count(of.length)} ${words} (${firstOf(of)})`]
  })
  return [`Unfinished: ${results} of ${name} ${agree(missing.length, 'is', 'are')} missing: ${parts.join(', ')}.`]
}

/** Models that diverged are in the figures: that must be known. */
function concernsText({ trials, variants }: Group): string[] {
  const all = trials.filter(({ concerns }) => concerns.length > 0)
  if (all.length === 0) return []
  const labelOf = (id: string) => variants.find((variant) => variant.id === id)?.label ?? id
  const named = all.map(({ variant, seed, concerns }) => `${labelOf(variant)}, seed ${seed}: ${concerns[0]}`)
  const which = `${count(all.length)} of ${counted(trials.length, 'trial')}`
  return [`In bad health, and counted all the same: ${which} (${firstOf(named)}).`]
}

/** Which trials were found in several folders, and what was made of them. */
export function copiesText(copies: ComparisonReport['copies']): string[] {
  const [same, different] = [copies.filter(isEqual), copies.filter((copy) => !isEqual(copy))]
  const sayThat = (of: ComparisonReport['copies'], conclusion: string) => {
    const parents = [...new Set(of.flatMap(({ directories }) => directories.map(dirname)))]
    const where = parents.length > 1 ? ` (${firstOf(parents)})` : ''
    return `${counted(of.length, 'trial')} ${agree(of.length, 'is', 'are')} in more than one folder${where}${conclusion}`
  }
  return [
    ...(same.length === 0 ? [] : [sayThat(same, `: ${agree(same.length, 'it is', 'each is')} counted once.`)]),
    ...(different.length === 0
      ? []
      : [
          sayThat(
            different,
            ` with different results and ${agree(different.length, 'is', 'are')} not counted (where they differ: under what was skipped). Leave out or delete one of the folders.`,
          ),
        ]),
  ]
}

function isEqual({ difference }: ComparisonReport['copies'][number]): boolean {
  return difference === null
}

/** Trials that failed or were cancelled, by variant, with the reason. */
function failures({ variants, trials }: Group): string[] {
  const stopped = variants.flatMap(({ id, label, seeds, unfinished: number }) =>
    (['failed', 'cancelled'] as const).flatMap((status) => {
      const of = trials.filter((trial) => trial.variant === id && trial.status === status)
      return of.length === 0 ? [] : [failureText({ label, status, of, all: seeds.length + number })]
    }),
  )
  const more = stopped.length - namedAtMost
  return more > 0
    ? [...stopped.slice(0, namedAtMost), `Trials of ${counted(more, 'more variant')} failed or were cancelled too.`]
    : stopped
}

interface Failures {
  readonly label: string
  readonly status: 'failed' | 'cancelled'
  readonly of: readonly ComparedTrial[]
  readonly all: number
}

function failureText({ label, status, of, all }: Failures): string {
  const [was, is] = [agree(of.length, 'was', 'were'), agree(of.length, 'is', 'are')]
  const verb = `${status === 'failed' ? 'failed' : `${was} cancelled`} and ${is} excluded`
  const reasons = of.map(({ seed, reason }) => `seed ${seed}${reason === '' ? '' : `: ${reason}`}`)
  return `${count(of.length)} of ${counted(all, 'trial')} of ${label} ${verb} (${firstOf(reasons)}).`
}

function firstOf(all: readonly string[]): string {
  const more = all.length > namedAtMost ? ` and ${all.length - namedAtMost} more` : ''
  return all.slice(0, namedAtMost).join('; ') + more
}
