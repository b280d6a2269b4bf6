import { defineGenerator } from '../../generating/define-generator.js'
import { ofSymbols } from '../../generating/symbols.js'

export const reverse = defineGenerator({
  name: 'reverse',
  summary: 'Generated: the target is the source from its end to its beginning.',
  equations: ['y_t = x_{S+1-t}'],
  source: {
    paper: 'Kreutzer et al. 2019, Joey NMT (its reverse task: 50 symbols, lengths 1 to 25)',
    url: 'https://aclanthology.org/D19-3019',
  },
  ...ofSymbols((source) => [...source.keys()].toReversed()),
})
