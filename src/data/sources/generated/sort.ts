import { defineGenerator } from '../../generating/define-generator.js'
import { ofSymbols } from '../../generating/symbols.js'

export const sort = defineGenerator({
  name: 'sort',
  summary: 'Generated: the target has the symbols of the source in the order of their numbers.',
  equations: ['y = sort(x)'],
  source: {
    paper: 'Graves et al. 2014, Neural Turing Machines, section 4.5 (without its priorities)',
    url: 'https://arxiv.org/abs/1410.5401',
  },
  // Equal symbols stay in their order.
  ...ofSymbols((source) => [...source.keys()].toSorted((left, right) => Number(source[left]) - Number(source[right]))),
})
