import type { Part } from '../../core/part.js'
import { type Axis, joined } from '../axes.js'
import { equationsUnder, type OutlineAxis, type OutlineNode, partNode } from '../outline.js'
import { representations } from '../representation/index.js'
import type { BuiltFactor } from './represent.js'

/** Each factor of the symbols, and what they become next to `words`, their vector so far. */
export function factorNodes(factors: readonly BuiltFactor[], words: Axis): OutlineNode[] {
  return factors.map(({ name, choice, side, representation: { output } }, at) => {
    const before = factors.slice(0, at + 1).map((each) => each.representation.output)
    const shape = ['B', 'S', joined(words, ...before)] as const
    const values: readonly OutlineAxis[] = side.several === true ? ['B', 'S', 'K'] : ['B', 'S']
    const part: Part = representations.get(choice.type)
    const summed = side.several === true ? "f_t = Σ x over a token's values" : 'f_t = x_t'
    return partNode(part, choice, {
      equations: [...equationsUnder(part, choice), summed, 'x = [w; f], w the vector of the token so far'],
      id: `source.factors.${name}`,
      path: `model.source.factors.${name}`,
      tensors: [
        { name: `${name} of each symbol`, axes: values },
        { name: `source with ${name}`, axes: shape },
      ],
      axes: { V: side.axis, E: output },
      box: { title: `${name}: ${choice.type}`, side: 'source', role: 'part', shape },
    })
  })
}
