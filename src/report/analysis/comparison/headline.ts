import { dirname } from 'node:path'
import { agree, counted } from '../../format/grammar.js'
import type { ComparisonReport, Variant } from './types.js'

/** The answers in words: what a terminal prints, and what comes first in every format. */
export function headline({ groups, studies, copies }: ComparisonReport): string[] {
  const answers = groups.flatMap(({ metrics }) => metrics[0]?.answer ?? [])
  return [
    ...studies.flatMap(unfinished),
    ...copiesText(copies),
    ...groups.flatMap(({ variants }) => failures(variants)),
    ...(answers.length > 0 ? answers : ['No trial has finished: there is nothing to compare yet.']),
  ]
}

const namedAtMost = 3

function unfinished(study: ComparisonReport['studies'][number]): string[] {
  const { name, planned, missing, missingEvaluations } = study
  const trials = `${missing.length} of ${counted(planned, 'trial')} of ${name}`
  const evaluations = `${counted(missingEvaluations.length, 'evaluation')} of ${name}`
  return [
    ...sentence(missing, `${trials} ${agree(missing.length, 'has', 'have')} no result yet`),
    ...sentence(missingEvaluations, `${evaluations} ${agree(missingEvaluations.length, 'is', 'are')} missing`),
  ]
}

function sentence(names: readonly string[], what: string): string[] {
  return names.length === 0 ? [] : [`Unfinished: ${what} (${firstOf(names)}).`]
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
          sayThat(different, ` with different results and ${agree(different.length, 'is', 'are')} not counted: `) +
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
