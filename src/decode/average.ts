import { filled, floats, type HostTensor } from '../core/tensors.js'

/**
 * The logarithm of the mean of probabilities: log p [N,V] each -> ln(1/M Σ_m exp(log p_m)), [N,V]. One that has fewer
 * symbols gives the others probability 0. (Linear opinion pool: Stone 1961; as ensembles of decoders use it, Sutskever et al. 2014.)
 */
export function meanOfProbabilities(members: readonly HostTensor[]): HostTensor {
  const [first] = members
  if (first === undefined || members.length === 1) return first ?? floats([], [0, 0])
  const rows = first.shape[0] ?? 0
  const width = Math.max(...members.map(({ shape }) => shape[1] ?? 0))
  const mean = filled({ dtype: 'float32', shape: [rows, width] })
  for (let row = 0; row < rows; row++) {
    for (let id = 0; id < width; id++) {
      const values = members.map(({ data, shape: [, own = 0] }) => (id < own ? (data[row * own + id] ?? 0) : -Infinity))
      mean.data[row * width + id] = logMean(values)
    }
  }
  return mean
}

/** ln(1/M Σ_m exp(x_m)), without overflow; −∞ where all are. */
export function logMean(values: readonly number[]): number {
  const highest = Math.max(...values)
  if (highest === Number.NEGATIVE_INFINITY) return highest
  const sum = values.reduce((total, value) => total + Math.exp(value - highest), 0)
  return highest + Math.log(sum / values.length)
}

/** The mean of alignments [N,S], of those members that have one; padded columns beyond the narrowest are left out. */
export function meanOfAlignments(members: readonly HostTensor[]): HostTensor | undefined {
  const [first] = members
  if (first === undefined || members.length === 1) return first
  const rows = first.shape[0] ?? 0
  const width = Math.min(...members.map(({ shape }) => shape[1] ?? 0))
  const mean = filled({ dtype: 'float32', shape: [rows, width] })
  for (const { data, shape } of members) {
    const own = shape[1] ?? 0
    for (let at = 0; at < mean.data.length; at++) {
      const place = Math.floor(at / width) * own + (at % width)
      mean.data[at] = (mean.data[at] ?? 0) + (data[place] ?? 0) / members.length
    }
  }
  return mean
}
