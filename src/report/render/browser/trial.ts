// Runs in a trial's page: the table of predictions, values of charts on hover and by keyboard, downloads of figures.
import { makeDownloads } from './downloads.js'
import { makeReadable } from './hover.js'
import { makePredictions } from './predictions.js'

makePredictions()
for (const figure of document.querySelectorAll<HTMLElement>('figure[data-hover]')) makeReadable(figure)
for (const figure of document.querySelectorAll<HTMLElement>('figure')) makeDownloads(figure)
