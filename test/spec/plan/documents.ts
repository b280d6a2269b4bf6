import type { MapNode } from '../../../src/spec/document/nodes.js'
import { readYaml } from '../../../src/spec/document/yaml.js'

/** Text of a file as a map with places. */
export function documentOf(text: string, file = 'some.yaml'): MapNode {
  const read = readYaml(text, file)
  if ('problems' in read || read.node.kind !== 'map') throw new RangeError(`not a map: ${text}`)
  return read.node
}
