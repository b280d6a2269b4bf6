// npm run study:record -- NAME [--out RUNS]: what a finished study gave, kept for its pages (npm run docs writes them).
import { parseArgs } from 'node:util'
import { writeRecord } from '../docs/study-pages/make-record.js'
import { recordPath, recordsFolder } from '../docs/study-pages/record.js'
import { toPlainError } from '../src/core/errors.js'

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { out: { type: 'string', default: 'runs' } },
})

if (positionals.length === 0) {
  console.error('Usage: npm run study:record -- NAME [--out RUNS]')
  process.exitCode = 2
}
try {
  for (const name of positionals) {
    await writeRecord(name, { runs: values.out, experiments: 'experiments', records: recordsFolder })
    console.log(recordPath(recordsFolder, name))
  }
} catch (error) {
  const { message, hint = '' } = toPlainError(error)
  console.error(`${message}. ${hint}`)
  process.exitCode = 1
}
