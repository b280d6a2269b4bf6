// Runs in a trial's page: the table of predictions, the slider over validations, values of charts on hover and by keyboard, downloads of figures.
import { makeDownloads } from './downloads.js'
import { makeForming } from './forming/page.js'
import { makeReadable } from './hover.js'
import { makePredictions } from './predictions.js'

makePredictions()
makeForming()
for (const figure of document.querySelectorAll<HTMLElement>('figure[data-hover]')) makeReadable(figure)
for (const figure of document.querySelectorAll<HTMLElement>('figure')) makeDownloads(figure)
