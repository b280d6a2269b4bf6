import { Command } from '@commander-js/extra-typings'
import { examples, partsOption, runsOption } from '../options.js'

/** `seqlab export RUN --onnx DIR`: a trained model for other programs, with a README and a Python program that uses it. */
export const exportVerb = () =>
  new Command('export')
    .argument('<run>', 'a model or trial directory, the name of a study with one run, or the start of a trial id')
    .description('write a trained model as ONNX models, with a description of their inputs and outputs, and predict.py')
    .requiredOption('--onnx <dir>', 'output directory')
    .addOption(runsOption())
    .addOption(partsOption())
    .addHelpText('after', examples('seqlab export attention-additive --onnx exported'))
    .action(async (name, { out, onnx }) => {
      const { findTrained } = await import('../../inference/find-trained.js')
      const { exportRun } = await import('../../inference/export.js')
      const { atPlace } = await import('../../core/files.js')
      const { directory } = await findTrained(name, out)
      const paths = await atPlace({ option: '--onnx' }, () => exportRun(directory, onnx))
      process.stdout.write(`${paths.join('\n')}\n`)
    })
