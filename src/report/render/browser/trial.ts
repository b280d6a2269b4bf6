// Runs in a trial's page: the table of predictions, the slider over validations, figures that can be looked into, their downloads.
import { makeDownloads } from './downloads.js'
import { makeForming } from './forming/page.js'
import { makePredictions } from './predictions.js'
import { makeFiguresReadable } from './readable.js'

makePredictions()
makeForming()
makeFiguresReadable()
for (const figure of document.querySelectorAll<HTMLElement>('figure')) makeDownloads(figure)
