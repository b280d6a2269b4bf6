import type { Frame } from './types.js'

/** Characters of JSON that the validations may take in a page. */
export const roomForFrames = 300_000

/** Every second one of some validations, the last among them, as often as it takes until they fit into so many characters of JSON. */
export function thinFrames(frames: readonly Frame[], characters: number): readonly Frame[] {
  const sizes = new Map(frames.map((frame) => [frame, JSON.stringify(frame).length]))
  const sizeOf = (some: readonly Frame[]) => some.reduce((sum, frame) => sum + (sizes.get(frame) ?? 0), 0)
  let kept = frames
  while (kept.length > 1 && sizeOf(kept) > characters) {
    const last = kept.length - 1
    kept = kept.filter((_, at) => (last - at) % 2 === 0)
  }
  return kept
}
