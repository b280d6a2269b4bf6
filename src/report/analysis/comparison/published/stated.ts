import type { Published, PublishedFigure } from '../../../../spec/types.js'

/** A published figure, and the study that sets out to reproduce it: its names are that study's. */
export interface StatedFigure {
  readonly figure: PublishedFigure
  readonly source: string
  readonly study: string
}

export function statedFigures(study: string, published: Published | undefined): StatedFigure[] {
  return (published?.figures ?? []).map((figure) => ({ figure, source: published?.source ?? '', study }))
}
