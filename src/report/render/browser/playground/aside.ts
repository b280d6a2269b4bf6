/**
 * Sections that are out of sight keep their height and are laid out when they are seen: else a page of many figures is painted
 * again at every key, which takes longer than the model.
 */
export function layOthersAside(host: HTMLElement): void {
  const sections = [...document.querySelectorAll<HTMLElement>('main > section')]
  const others = sections.filter((each) => !each.contains(host)).map((each) => ({ each, height: each.offsetHeight }))
  for (const { each, height } of others) {
    each.style.setProperty('contain-intrinsic-block-size', `auto ${height}px`)
    each.style.setProperty('content-visibility', 'auto')
  }
}
