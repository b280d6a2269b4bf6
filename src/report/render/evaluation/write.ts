import { writeFileDurably } from '../../../core/files.js'
import { jsonText } from '../../../core/json.js'
import { evaluationFile } from '../../../store/index.js'
import { type EvaluationDetails, type EvaluationInput, evaluationDetails } from '../../analysis/evaluation/details.js'
import { evaluationReportHtml } from './page.js'

interface WrittenEvaluation {
  readonly details: EvaluationDetails
  readonly page: string
}

/** Writes details.json and report.html beside an evaluation's evaluation.json. */
export function writeEvaluationReport(directory: string, input: EvaluationInput): WrittenEvaluation {
  const details = evaluationDetails(input)
  writeFileDurably(evaluationFile(directory, 'details'), jsonText(details))
  const page = evaluationFile(directory, 'page')
  writeFileDurably(page, evaluationReportHtml(input, details))
  return { details, page }
}
