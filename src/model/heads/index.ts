import type { Problem } from '../../core/errors.js'
import { type PartSpec, partSchema, registry } from '../../core/part.js'
import { crf } from './crf.js'
import { hardMonotonicAttention } from './hard-monotonic-attention.js'
import { pointerGenerator } from './pointer-generator.js'
import { softmax } from './softmax.js'
import type { Head, HeadPart, HeadPlace, HeadSizes } from './types.js'

export const heads = registry('head', {
  softmax,
  crf,
  'pointer-generator': pointerGenerator,
  'hard-monotonic-attention': hardMonotonicAttention,
})
export const HeadChoice = partSchema(heads, {
  description: 'Output layer: maps outputs to symbols or labels. Default: softmax.',
})
export type HeadChoice = PartSpec<typeof heads.parts>

const usual: HeadChoice = { type: 'softmax' }

/** The part that is chosen. */
export function headPart(choice: HeadChoice | undefined): HeadPart {
  return heads.get((choice ?? usual).type)
}

/** What the head that is chosen gives besides the target vocabulary's symbols. */
export function headGives(choice: HeadChoice | undefined): { readonly aligns: boolean; readonly copies: boolean } {
  const { aligns = false, copies = false } = headPart(choice)
  return { aligns, copies }
}

export function buildHead(choice: HeadChoice | undefined, sizes: HeadSizes): Head {
  return heads.build(choice ?? usual, sizes)
}

/** What the head finds its best outputs by, as a sentence; undefined where they are searched for, or each is by itself. */
export function searchOfHead(choice: HeadChoice | undefined): string | undefined {
  const { name, exactSearch } = headPart(choice)
  return exactSearch && `the head ${name} finds the best labels exactly, by ${exactSearch}`
}

/** Why a head cannot be used in a place. */
export function headProblems(choice: HeadChoice | undefined, place: HeadPlace): Problem[] {
  const reason = headPart(choice).refuse?.(choice ?? usual, place)
  return reason === undefined ? [] : [{ path: 'model.head', message: reason }]
}
