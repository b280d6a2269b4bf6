import { outputKind } from '../../../task/reporting.js'
import { entityTable, labelTable } from '../../analysis/evaluation/classes.js'
import { confusionOf } from '../../analysis/evaluation/details.js'
import type { TrialReportInput } from '../../analysis/trial/input.js'
import { classSection, confusionSection } from '../evaluation/classes.js'
import { type Html, html } from '../page/html.js'

/** Precision, recall and F1 of each label and entity, and which are taken for which; of sequences the most frequent errors. */
export function classesSections({ record, predictions: all }: TrialReportInput): Html {
  const test = all.filter(({ split }) => split === 'test')
  const predictions = test.length > 0 ? test : all
  const { task, metrics } = record.spec
  const output = outputKind(task)
  if (predictions.length === 0 || output === 'numbers' || output === 'next-tokens') return html``
  const labels = labelTable(predictions, output)
  const entities = record.data === undefined ? undefined : entityTable(predictions, output, metrics, record.data)
  const confusion = confusionOf({ predictions, task }, labels !== undefined)
  return html`${classSection('By label', 'label', labels)}${classSection('By entity', 'entity', entities)}${confusionSection({ confusion, labels })}`
}
