import { dirname } from 'node:path'
import { isNumber } from '../../../core/measured.js'
import { agree, counted } from '../../format/grammar.js'
import { seenSourcesText } from '../seen-sources.js'
import type { ComparisonReport, Group, Variant } from './types.js'

/** The answers in words: what a terminal prints, and what comes first in every format. */
export function headline({ groups, studies, copies }: ComparisonReport): string[] {
  const answers = groups.flatMap((group) => [...(group.metrics[0]?.answer ?? []), ...seenText(group)])
  return [
    ...studies.flatMap(unfinished),
    ...copiesText(copies),
    ...groups.flatMap(({ variants }) => failures(variants)),
    ...(answers.length > 0 ? answers : ['No trial has finished: there is nothing to compare yet.']),
  ]
}

function seenText({ seenInTraining, examples }: Group): string[] {
  const seen = isNumber(seenInTraining) ? seenInTraining : 0
  const text = seenSourcesText({ split: 'test', seen, examples })
  return text === undefined ? [] : [`${text}.`]
}

const namedAtMost = 3

function unfinished({ name, planned, missing }: ComparisonReport['studies'][number]): string[] {
  if (missing.length === 0) return []
  const trials = `${missing.length} of ${counted(planned, 'trial')}`
  return [
    `Unfinished: ${trials} of ${name} ${agree(missing.length, 'has', 'have')} no result yet (${firstOf(missing)}).`,
  ]
}

/** Which trials were found in several folders, and what was made of them. */
export function copiesText(copies: ComparisonReport['copies']): string[] {
  const [same, different] = [copies.filter(isEqual), copies.filter((copy) => !isEqual(copy))]
  const sentence = (of: ComparisonReport['copies'], conclusion: string) => {
    const parents = [...new Set(of.flatMap(({ directories }) => directories.map(dirname)))]
    const where = parents.length > 1 ? ` (${firstOf(parents)})` : ''
    return `${counted(of.length, 'trial')} ${agree(of.length, 'is', 'are')} in more than one folder${where}${conclusion}`
  }
  return [
    ...(same.length === 0 ? [] : [sentence(same, `: ${agree(same.length, 'it is', 'each is')} counted once.`)]),
    ...(different.length === 0
      ? []
      : [
          sentence(different, ` with different results and ${agree(different.length, 'is', 'are')} not counted: `) +
            firstOf(different.map(({ label, seed, difference }) => `${label}, seed ${seed}: ${difference}`)),
        ]),
  ].map((text) => (text.endsWith('.') ? text : `${text}.`))
}

function isEqual({ difference }: ComparisonReport['copies'][number]): boolean {
  return difference === null
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
