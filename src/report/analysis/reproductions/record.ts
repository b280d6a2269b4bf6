import { readFileSync } from 'node:fs'
import { checked } from '../../../core/checked-json.js'
import { parseJson } from '../../../core/json.js'
import { comparisonPath, lastOpened, type Reproduction } from '../../../store/index.js'
import { verdictText } from '../comparison/claims/verdict.js'
import { ComparisonReport } from '../comparison/types.js'

/** What a study's comparison says of published results, with how it was made. Throws SeqlabError 'run' without a comparison. */
export function reproductionOf(studyDirectory: string): Reproduction {
  const path = comparisonPath(studyDirectory, 'json')
  const report = checked(ComparisonReport, parseJson(readFileSync(path, 'utf8')), path)
  const opened = lastOpened(studyDirectory)
  const trials = report.groups.flatMap((group) => group.trials)
  const labels = new Map(report.groups.flatMap((group) => group.variants.map(({ id, label }) => [id, label] as const)))
  return {
    schemaVersion: 1,
    study: report.title,
    command: withoutFolders(opened?.command ?? ''),
    date: new Date().toISOString(),
    machine: opened?.machine ?? report.machine,
    versions: report.versions,
    trainMs: trials.reduce((sum, { trainMs }) => sum + (trainMs ?? 0), 0),
    trials: trials.map(({ trialId, variant, seed }) => ({ id: trialId, label: labels.get(variant) ?? '', seed })),
    figures: report.published,
    claims: report.claims.map(verdictText),
  }
}

/** A command as others can give it: where somebody has the data or the runs is theirs. */
export function withoutFolders(command: string): string {
  return command.replace(/(--(?:data-dir|out))(?:=|\s+)(?:'[^']*'|"[^"]*"|\S+)/g, '$1 FOLDER')
}
