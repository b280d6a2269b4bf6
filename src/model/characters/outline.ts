import type { Axis } from '../axes.js'
import { axesOf, forEach, type OutlineNode, partNode, products } from '../outline.js'
import { type CharacterReaderChoice, characterReaders } from './index.js'
import type { CharacterReader } from './types.js'

/** What reads the characters of each symbol, and what they become next to its own vector. `longest`: C. */
export function characterNodes(
  choice: CharacterReaderChoice,
  { parameters }: CharacterReader,
  { axis, longest }: { readonly axis: Axis; readonly longest: number },
  output: Axis,
): OutlineNode[] {
  const shape = ['B', 'S', output] as const
  const { embedding: _, ...weights } = parameters
  return [
    partNode(characterReaders.get(choice.type), choice, {
      id: 'source.characters',
      path: 'model.source.characters',
      tensors: [
        { name: 'characters', axes: ['B', 'S', 'C'] },
        { name: 'source with characters', axes: shape },
      ],
      axes: { ...axesOf(parameters), V: axis, E: output },
      work: [forEach(longest, products(weights, 'source step'))],
      box: { title: `characters: ${choice.type}`, side: 'source', role: 'part', shape },
    }),
  ]
}
