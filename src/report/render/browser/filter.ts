import type { Group, Variant } from '../../analysis/comparison/types.js'
import { settingText } from '../../analysis/comparison/variants.js'
import { counted } from '../../format/grammar.js'

/**
 * Enables a group's filter: words that a variant's label or settings must all have. Rows and figures about other variants are
 * hidden; a row of a trial may have the words itself (`failed`). `select` gets the ids of the variants that are left.
 */
export function makeGroupFilter(group: Group, prefix: string, select: (matching: ReadonlySet<string>) => void): void {
  const controls = document.querySelector<HTMLElement>(`[data-filter="${prefix}"]`)
  const input = controls?.querySelector('input')
  const status = controls?.querySelector('[role=status]')
  const section = document.getElementById(prefix)
  if (!controls || !input || !status || !section) return
  controls.hidden = false
  const texts = new Map(group.variants.map((variant) => [variant.id, wordsOf(variant)]))
  const parts = [...section.querySelectorAll<HTMLElement>('[data-variant]')].map((part) => {
    const ids = (part.dataset.variant ?? '').split(' ')
    const own = part.tagName === 'TR' ? part.textContent : ''
    return { part, ids, text: `${own} ${ids.map((id) => texts.get(id) ?? '').join(' ')}`.toLowerCase() }
  })
  input.addEventListener('input', () => {
    const wanted = input.value
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== '')
    const has = (text: string) => wanted.every((word) => text.includes(word))
    const matching = new Set(group.variants.filter(({ id }) => has(texts.get(id) ?? '')).map(({ id }) => id))
    for (const { part, ids, text } of parts) part.hidden = !ids.some((id) => matching.has(id)) && !has(text)
    status.textContent = wanted.length === 0 ? '' : `${matching.size} of ${counted(group.variants.length, 'variant')}`
    select(matching)
  })
}

function wordsOf({ label, study, settings }: Variant): string {
  const named = Object.entries(settings).map(([path, value]) => `${path}=${settingText(value)}`)
  return [label, study, ...named].join(' ').toLowerCase()
}
