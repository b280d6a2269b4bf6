// Runs in a trial's page: the table of predictions, figures that can be looked into, their downloads.
import { makeDownloads } from './downloads.js'
import { makePredictions } from './predictions.js'
import { makeFiguresReadable } from './readable.js'

makePredictions()
makeFiguresReadable()
for (const figure of document.querySelectorAll<HTMLElement>('figure')) makeDownloads(figure)
