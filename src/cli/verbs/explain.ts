import { Command, InvalidArgumentError } from '@commander-js/extra-typings'
import { dataDirOption, examples, partsOption, setOption } from '../options.js'

/** `seqlab explain`: the model as text, and drawn with `--svg`. No engine is loaded. */
export const explainVerb = () =>
  new Command('explain')
    .argument('<spec>')
    .description('print the model of a spec: equations, shapes, parameters, memory, time')
    .addOption(setOption())
    .addOption(dataDirOption())
    .addOption(partsOption())
    .option(
      '--vocab <s,t>',
      'vocabulary sizes of source and target (then of features, characters and factors), instead of reading the data',
      vocabulary,
    )
    .option('--no-data', 'do not read the data; print sizes as formulas in V_s and V_t')
    .option('--svg <file>', 'also write a drawing of the model')
    .addHelpText(
      'after',
      examples(
        'seqlab explain configs/attention-additive.yaml',
        'seqlab explain configs/attention-additive.yaml --no-data',
        'seqlab explain configs/attention-additive.yaml --vocab 30,42 --svg model.svg',
      ),
    )
    .action(async (file, { set, dataDir, vocab, data, svg, parts = [] }) => {
      const { prepare } = await import('../../spec/prepare.js')
      const { readStartingState: readState } = await import('../../store/index.js')
      const { standardInput } = await import('../standard-input.js')
      const { readingNoted, refuseToOverwrite } = await import('../inputs.js')
      const { refuse } = await import('../text/errors.js')
      const { explainSpec } = await import('../text/explanation.js')
      const read = data && vocab === undefined
      const { readFile, files } = readingNoted()
      const options = { ...{ set, dataDir, data: read, readFile }, standardInput: standardInput() }
      const { specs, specProblems } = await prepare([file], { readState, kind: 'specs', ...options })
      if (specProblems.length > 0) return refuse(specProblems)
      if (svg !== undefined) await refuseToOverwrite('--svg', [svg], { paths: [...files, ...parts], specs })
      for (const spec of specs) await explainSpec(spec, { vocab, svg })
    })

function vocabulary(text: string): readonly number[] {
  const sizes = text.split(',').map(Number)
  if ([2, 3, 4].includes(sizes.length) && sizes.every((size) => Number.isInteger(size) && size > 0)) return sizes
  throw new InvalidArgumentError(
    'It must be two whole numbers, such as 30,42 (and another each for features, for characters and for each factor).',
  )
}
