import type { ComparisonReport, Variant } from './types.js'

/** The answers in words: what a terminal prints, and what stands first in every form. */
export function headline({ groups, studies }: ComparisonReport): string[] {
  const answers = groups.flatMap(({ metrics }) => metrics[0]?.answer ?? [])
  return [
    ...studies.flatMap(unfinished),
    ...groups.flatMap(({ variants }) => failures(variants)),
    ...(answers.length > 0 ? answers : ['No trial has finished: there is nothing to compare yet.']),
  ]
}

const named = 3

function unfinished({ name, planned, missing }: ComparisonReport['studies'][number]): string[] {
  if (missing.length === 0) return []
  const verb = missing.length === 1 ? 'has' : 'have'
  return [`Unfinished: ${missing.length} of ${planned} trials of ${name} ${verb} no result yet (${firstOf(missing)}).`]
}

function failures(variants: readonly Variant[]): string[] {
  const failed = variants.filter((variant) => variant.unfinished > 0)
  const told = failed.slice(0, named).map(({ label, unfinished: number, seeds }) => {
    const verb = number === 1 ? 'failed or was cancelled; it is' : 'failed or were cancelled; they are'
    return `${number} of ${number + seeds.length} trials of ${label} ${verb} in no figure.`
  })
  const more = failed.length - told.length
  return more > 0 ? [...told, `So did trials of ${more} more variants.`] : told
}

function firstOf(all: readonly string[]): string {
  const more = all.length > named ? ` and ${all.length - named} more` : ''
  return all.slice(0, named).join('; ') + more
}
