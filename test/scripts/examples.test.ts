import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { stressFile } from '../../scripts/examples/stress.js'
import { ceiling, ticketFile, ticketSets, wordAlone, wordsSoFar } from '../../scripts/examples/tickets.js'

const read = (path: string) => readFileSync(new URL(`../../experiments/${path}`, import.meta.url), 'utf8')

describe('tickets', () => {
  const sets = ticketSets()

  it('are what the script writes, and no sentence is in two sets', () => {
    for (const [name, sentences] of Object.entries(sets))
      expect(read(`tickets/${name}.tsv`)).toBe(ticketFile(sentences))
    const lines = Object.values(sets).flatMap((sentences) => ticketFile(sentences).trimEnd().split('\n'))
    expect(new Set(lines).size).toBe(lines.length)
    expect(lines).toContain('我 一月一号 去 郑州\tother time other destination')
    expect(lines).toContain('我 一月一号 离开 郑州\tother time other origin')
  })

  it('have the ceilings that the claims name, by counting', () => {
    const { claims } = parse(read('tickets.yaml'))
    // Six sentences of each person, time and city have 27 words; alone, three of six cities are right, and so far, five.
    expect(claims[0].right).toBeCloseTo(24 / 27, 15)
    expect(claims[1].right).toBeCloseTo(26 / 27, 15)
    for (const sentences of Object.values(sets)) {
      expect(ceiling(sentences, wordAlone)).toBe(claims[0].right)
      expect(ceiling(sentences, wordsSoFar)).toBe(claims[1].right)
      expect(ceiling(sentences, (sentence, at) => `${at} ${sentence.map(([word]) => word).join(' ')}`)).toBe(1)
    }
  })
})

describe('stress', () => {
  it('is what the script writes', () => expect(read('shapes/stress.tsv')).toBe(stressFile()))

  it('has the share of words right that the claim names, by the most frequent stress of each phoneme', () => {
    const rows = read('shapes/stress.tsv')
      .trimEnd()
      .split('\n')
      .map((line) => line.split('\t').map((cell) => cell.split(' ')))
    const counts = new Map<string, Map<string, number>>()
    for (const [phonemes = [], stresses = []] of rows)
      for (const [at, phoneme] of phonemes.entries()) {
        const of = counts.get(phoneme) ?? new Map<string, number>()
        counts.set(phoneme, of.set(stresses[at] ?? '', (of.get(stresses[at] ?? '') ?? 0) + 1))
      }
    const likely = (phoneme: string) => [...(counts.get(phoneme) ?? [])].sort(([, a], [, b]) => b - a)[0]?.[0]
    const right = rows.filter(([phonemes = [], stresses = []]) =>
      phonemes.every((phoneme, at) => likely(phoneme) === stresses[at]),
    )
    expect(parse(read('shapes/tag.yaml')).claims[0].right).toBeCloseTo(right.length / rows.length, 4)
  })
})
