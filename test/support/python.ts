import { spawnSync } from 'node:child_process'
import { peerPython } from '../../bench/step/peers.js'

/** A Python that has these modules: that of the benchmarks' peers, SEQLAB_PYTHON or `python3`; undefined where there is none. */
export function pythonWith(modules: string): string | undefined {
  const candidates = [peerPython(), process.env.SEQLAB_PYTHON, 'python3'].filter((python) => python !== undefined)
  return candidates.find((one) => spawnSync(one, ['-c', `import ${modules}`]).status === 0)
}
