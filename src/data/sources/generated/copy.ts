import { defineGenerator } from '../../generating/define-generator.js'
import { ofSymbols } from '../../generating/symbols.js'

export const copy = defineGenerator({
  name: 'copy',
  summary: 'Generated: the target is the source.',
  equations: ['y_t = x_t'],
  source: { paper: 'Graves et al. 2014, Neural Turing Machines, section 4.1', url: 'https://arxiv.org/abs/1410.5401' },
  ...ofSymbols((source) => [...source.keys()]),
})
