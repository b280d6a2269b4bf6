import { partSchema, registry } from '../../core/part.js'
import { cmudict } from './cmudict.js'
import { folderOfClasses } from './folder-of-classes.js'
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
})
export const SourceChoice = partSchema(sources, { description: 'Source of the examples.' })
