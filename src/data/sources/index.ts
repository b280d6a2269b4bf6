import { partSchema, registry } from '../../core/part.js'
import { cmudict } from './cmudict.js'
import { conllu } from './conllu.js'
import { csv } from './csv.js'
import { folderOfClasses } from './folder-of-classes.js'
import { addition } from './generated/addition.js'
import { associativeRecall } from './generated/associative-recall.js'
import { copy } from './generated/copy.js'
import { dates } from './generated/dates.js'
import { dyck } from './generated/dyck.js'
import { cycleNavigation } from './generated/regular/cycle-navigation.js'
import { evenPairs } from './generated/regular/even-pairs.js'
import { modularArithmetic } from './generated/regular/modular-arithmetic.js'
import { parity } from './generated/regular/parity.js'
import { reverse } from './generated/reverse.js'
import { scanGrammar } from './generated/scan-grammar.js'
import { selectiveCopying } from './generated/selective-copying.js'
import { sort } from './generated/sort.js'
import { inline } from './inline.js'
import { jsonl } from './jsonl.js'
import { parallel } from './parallel.js'
import { scan } from './scan.js'
import { series } from './series.js'
import { tagged } from './tagged.js'
import { text } from './text.js'
import { tsv } from './tsv.js'

export const sources = registry('data source', {
  cmudict,
  conllu,
  csv,
  'folder-of-classes': folderOfClasses,
  inline,
  jsonl,
  parallel,
  scan,
  series,
  tagged,
  text,
  tsv,
  addition,
  'associative-recall': associativeRecall,
  copy,
  dates,
  dyck,
  'cycle-navigation': cycleNavigation,
  'even-pairs': evenPairs,
  'modular-arithmetic': modularArithmetic,
  parity,
  reverse,
  'scan-grammar': scanGrammar,
  'selective-copying': selectiveCopying,
  sort,
})

const columns = '`tagged` reads a token a line with its tag in the last column'

/** Formats by the names that users may expect; a similar name of a source would read them as something else. */
const absent = {
  json: '`jsonl` reads a JSON object per line: of one list for the whole file, jq -c ".[]" FILE makes lines',
  ndjson: 'that is `jsonl`',
  'conll-u': 'that is `conllu`',
  ud: 'Universal Dependencies are read by `conllu`',
  conll: columns,
  conll2003: columns,
  iob: columns,
  bio: columns,
  huggingface: 'save the dataset as JSON lines (`dataset.to_json(FILE)`), for `jsonl`',
}

export const SourceChoice = partSchema(sources, { description: 'Source of the examples.', absent })
