import { readFileSync, writeFileSync } from 'node:fs'
import { partsTable } from '../src/spec/parts-table.js'
import { withClusterFigures } from './cluster-figures.js'
import { headsFigures } from './heads-figures.js'
import { headsTable } from './heads-table.js'
import { optionsPage } from './options-page.js'
import { pageFigures } from './page-figures.js'
import { reproductionsPage } from './reproductions.js'
import { writeStudies } from './study-pages/index.js'

// `npm run docs`: writes the pages that are generated from the source.
writeFileSync(new URL('parts.md', import.meta.url), `${partsTable()}\n${headsTable()}\n`)
writeFileSync(new URL('options.md', import.meta.url), optionsPage())
writeFileSync(new URL('heads-figures.md', import.meta.url), headsFigures())
writeFileSync(new URL('page-figures.md', import.meta.url), pageFigures())
writeFileSync(new URL('reproductions.md', import.meta.url), reproductionsPage())
writeStudies()
const cluster = new URL('cluster.md', import.meta.url)
writeFileSync(cluster, withClusterFigures(readFileSync(cluster, 'utf8')))
