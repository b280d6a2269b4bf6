import { Command, InvalidArgumentError } from '@commander-js/extra-typings'
import { examples, partsOption } from '../options.js'

/** `seqlab view [DIR]`: serves live pages of runs until it is stopped; 2 where it cannot. */
export const viewVerb = () =>
  new Command('view')
    .argument('[runs]', 'directory of the runs, or one study in it (default: runs)')
    .description('show runs in a browser, live while they train: studies, curves, comparisons, reports')
    .option('--port <n>', 'port to listen on; 0 takes a free one (default: 0)', port)
    .option('--host <address>', 'address to listen on: others than the default are seen by other machines', '127.0.0.1')
    .option('--json', 'print {"url": ...} instead of the address', false)
    .addOption(partsOption())
    .addHelpText(
      'after',
      examples('seqlab view', 'seqlab view runs/scorers --port 8080', 'seqlab view other-runs --json'),
    )
    .action(async (directory = 'runs', { port, host, json }) => {
      const { view } = await import('../view.js')
      await view({ directory, port, host, json })
    })

function port(text: string): number {
  const number = Number(text)
  if (/^\d{1,5}$/.test(text) && number <= 65_535) return number
  throw new InvalidArgumentError('It must be a whole number from 0 to 65535.')
}
