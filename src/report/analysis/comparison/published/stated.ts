import type { Published, PublishedFigure } from '../../../../spec/types.js'

/** A published figure, and the study that sets out to reproduce it: its names are that study's. */
export interface StatedFigure {
  readonly figure: PublishedFigure
  readonly source: string
  /** The real path of the study's folder. */
  readonly folder: string
}

export function statedFigures(folder: string, published: Published | undefined): StatedFigure[] {
  return (published?.figures ?? []).map((figure) => ({ figure, source: published?.source ?? '', folder }))
}
