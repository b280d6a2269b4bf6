import { agree, counted } from '../../format/grammar.js'
import type { ComparisonReport, Variant } from './types.js'

/** The answers in words: what a terminal prints, and what comes first in every format. */
export function headline({ groups, studies }: ComparisonReport): string[] {
  const answers = groups.flatMap(({ metrics }) => metrics[0]?.answer ?? [])
  return [
    ...studies.flatMap(unfinished),
    ...groups.flatMap(({ variants }) => failures(variants)),
    ...(answers.length > 0 ? answers : ['No trial has finished: there is nothing to compare yet.']),
  ]
}

const namedAtMost = 3

function unfinished({ name, planned, missing }: ComparisonReport['studies'][number]): string[] {
  if (missing.length === 0) return []
  const trials = `${missing.length} of ${counted(planned, 'trial')}`
  return [
    `Unfinished: ${trials} of ${name} ${agree(missing.length, 'has', 'have')} no result yet (${firstOf(missing)}).`,
  ]
}

function failures(variants: readonly Variant[]): string[] {
  const failed = variants.filter((variant) => variant.unfinished > 0)
  const sentences = failed.slice(0, namedAtMost).map(({ label, unfinished: number, seeds }) => {
    const verb = agree(number, 'failed or was cancelled and is', 'failed or were cancelled and are')
    return `${number} of ${counted(number + seeds.length, 'trial')} of ${label} ${verb} excluded.`
  })
  const more = failed.length - sentences.length
  return more > 0
    ? [...sentences, `Trials of ${counted(more, 'more variant')} failed or were cancelled too.`]
    : sentences
}

function firstOf(all: readonly string[]): string {
  const more = all.length > namedAtMost ? ` and ${all.length - namedAtMost} more` : ''
  return all.slice(0, namedAtMost).join('; ') + more
}
