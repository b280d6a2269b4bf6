import { partSchema, registry } from '../../core/part.js'
import { cmudict } from './cmudict.js'
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
import { parallel } from './parallel.js'
import { scan } from './scan.js'
import { series } from './series.js'
import { tagged } from './tagged.js'
import { text } from './text.js'
import { tsv } from './tsv.js'

export const sources = registry('data source', {
  cmudict,
  'folder-of-classes': folderOfClasses,
  inline,
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

const json =
  'JSON is not read yet; `tsv` reads columns separated by tabs: jq -r "[.text, .label] | @tsv" FILE (with your own names)'
const conllu =
  'CoNLL-U is not read yet; `tagged` reads a token and its tag a line: grep -v "^#" FILE | grep -vE "^[0-9]+[-.]" | cut -f2,4'
const columns = '`tagged` reads a token a line with its tag in the last column'

/** Formats by the names that users may expect; a similar name of a source would read them as something else. */
const absent = {
  csv: 'CSV of texts is not read yet (no quotes, no columns by name): save the file with tabs between its columns and without quotes, for `tsv`. CSV of numbers in time is read by `series`',
  json,
  jsonl: json,
  ndjson: json,
  conllu,
  'conll-u': conllu,
  ud: conllu,
  conll: columns,
  conll2003: columns,
  iob: columns,
  bio: columns,
}

export const SourceChoice = partSchema(sources, { description: 'Source of the examples.', absent })
