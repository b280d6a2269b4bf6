import { Command, Option } from '@commander-js/extra-typings'
import { examples, runsOption } from '../options.js'

/** `seqlab doctor`: 0 where runs can work here, else 1 with what to do. */
export const doctorVerb = () =>
  new Command('doctor')
    .description('check that this machine can run seqlab: Node, engines, directories, memory')
    .addOption(runsOption())
    .option('--json', 'print one finding per line as JSON', false)
    .addOption(new Option('--probe <engine>').choices(['compiled', 'tfjs-node', 'tfjs-cpu']).hideHelp())
    .addHelpText('after', examples('seqlab doctor', 'seqlab doctor --out /scratch/runs --json'))
    .action(async ({ out, json, probe }) => {
      const { examine, inProcess, probeEngine } = await import('../../runner/doctor.js')
      if (probe !== undefined) return void process.stdout.write(`${await probeEngine(probe)}\n`)
      const { findingLines } = await import('../text/findings.js')
      const program = process.argv[1] ?? ''
      const findings = await examine(out, (engine) => inProcess(program, ['doctor', '--probe', engine]))
      process.stdout.write(findingLines(findings, json))
      if (findings.some(({ status }) => status === 'missing')) process.exitCode = 1
    })
