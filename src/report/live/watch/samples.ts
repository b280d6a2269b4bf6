import { openTail, samplesLineOf } from '../../../store/index.js'
import { frameOf } from '../../analysis/samples/frames.js'
import { roomForFrames, thinFrames } from '../../analysis/samples/thin.js'
import type { Frame, SampledExample } from '../../analysis/samples/types.js'

/** What a run's validations gave for its examples, read as it grows, in memory that does not grow with it. */
export interface FollowedSamples {
  /** Reads what is new; whether anything is. `selected`: the metric that selects. */
  read(path: string, version: number, selected: string | undefined): boolean
  /** What is new since a version; undefined where nothing is. */
  since(version: number): NewSamples | undefined
}

interface NewSamples {
  /** Where they are not known at that version: then `frames` are all there are. */
  readonly examples?: readonly SampledExample[]
  readonly frames: readonly Frame[]
  /** Validations so far. */
  readonly recorded: number
}

export function followSamples(): FollowedSamples {
  const tail = openTail()
  let examples: readonly SampledExample[] = []
  let frames: readonly Frame[] = []
  let [begun, recorded] = [0, 0]
  let versions = new Map<Frame, number>()
  return {
    read: (path, version, selected) => {
      const { lines, restarted } = tail.read(path)
      if (restarted) [examples, frames, recorded] = [[], [], 0]
      for (const text of lines) {
        const line = samplesLineOf(text)
        if (line?.kind === 'examples') [examples, begun] = [line.examples, version]
        if (line === undefined || line.kind === 'examples') continue
        const frame = frameOf(line, selected)
        versions.set(frame, version)
        frames = [...frames, frame]
        recorded += 1
      }
      frames = thinFrames(frames, roomForFrames)
      versions = new Map(frames.map((frame) => [frame, versions.get(frame) ?? version]))
      return restarted || lines.length > 0
    },
    since: (version) => {
      const isFresh = begun > version
      const added = isFresh ? frames : frames.filter((frame) => (versions.get(frame) ?? 0) > version)
      if (examples.length === 0 || added.length === 0) return undefined
      return { ...(isFresh && { examples }), frames: added, recorded }
    },
  }
}
