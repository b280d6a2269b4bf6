import { isRegistered } from '../../src/report/analysis/comparison/claims/registration.js'
import { metricTitle } from '../../src/report/analysis/metrics.js'
import { capitalised } from '../../src/report/format/grammar.js'
import { count } from '../../src/report/format/numbers.js'
import {
  differenceText,
  probabilityStatement,
  rangeText,
  signedDifference,
  type Unit,
  valueWithUnit,
} from '../../src/report/format/values.js'
import { sideName } from './names.js'
import type { StudyRecord } from './record.js'
import { differenceIn, type Language, measureName, words } from './words.js'

type Claim = StudyRecord['claims'][number]

/** A claim and its test in the page's language. */
export interface ClaimText {
  readonly verdict: Claim['verdict']
  readonly word: string
  readonly statement: string
  readonly evidence: string
}

export function claimText(record: StudyRecord, claim: Claim, language: Language): ClaimText {
  const { verdict } = claim
  const said = { verdict, word: words[language].verdicts[verdict] }
  if (language === 'en')
    return { ...said, statement: englishStatement(record, claim), evidence: englishEvidence(claim) }
  return { ...said, statement: chineseStatement(record, claim), evidence: chineseEvidence(claim) }
}

/** What a claim is over: `mean validation loss`. */
function measureOf({ metric, curve, at }: Claim, language: Language): string {
  if (metric !== null) return measureName(metric, metricTitle(metric), language)
  const { statistics, stepAt } = words[language]
  const name = measureName(curve ?? '', curve ?? '', language)
  const when = typeof at === 'number' ? stepAt(count(at)) : (statistics[String(at)] ?? '')
  if (language === 'zh') return `${when}${name}`
  return typeof at === 'number' ? `${name} ${when}` : `${when} ${name}`
}

/** Of the test; where there was none, of the metric. */
function unitOf({ groups }: StudyRecord, { test, metric }: Claim): Unit {
  const measured = groups.flatMap(({ metrics }) => metrics.find(({ name }) => name === metric) ?? [])
  return test?.unit ?? measured[0]?.unit ?? 'number'
}

/** Names of both sides; of a figure its value. */
export function sidesOf(record: StudyRecord, claim: Claim): readonly [string, string] {
  const { left, right } = claim
  const figure = (value: number) => valueWithUnit(value, unitOf(record, claim))
  return [sideName(record, left), typeof right === 'number' ? figure(right) : sideName(record, right)]
}

function englishStatement(record: StudyRecord, claim: Claim): string {
  const [left, right] = sidesOf(record, claim)
  const { relation, margin } = claim
  const verb = relation === 'equivalent' ? 'equivalent to' : `${relation} than`
  const within = margin === null ? '' : ` (within ± ${differenceText(margin, unitOf(record, claim))})`
  return `${left} is ${verb} ${right} in ${measureOf(claim, 'en')}${within}.`
}

/** Without the name of the measure, which the statement has. */
function englishEvidence({ evidence, registered, registration }: Claim): string {
  const text = capitalised(evidence.replace(/^.*? differs by /, 'difference '))
  return isRegistered(registered) ? `${text}.` : `${text} (${registration}).`
}

const chineseRelations: Readonly<Record<string, string>> = {
  better: '更好',
  worse: '更差',
  higher: '更高',
  lower: '更低',
}

function chineseStatement(record: StudyRecord, claim: Claim): string {
  const [left, right] = sidesOf(record, claim)
  const { relation, margin } = claim
  const measure = measureOf(claim, 'zh')
  if (relation === 'equivalent') {
    const unit = unitOf(record, claim)
    const within = margin === null ? '' : `，相差不超过 ${differenceIn(differenceText(margin, unit), unit, 'zh')}`
    return `在${measure}上，${left} 与 ${right} 相当${within}。`
  }
  if (typeof claim.right === 'number') return `${left} 的${measure}${relation === 'lower' ? '低于' : '高于'} ${right}。`
  return `在${measure}上，${left} 比 ${right} ${chineseRelations[relation] ?? relation}。`
}

/** Why nothing was tested; what is not here stays as it is. */
const chineseReasons: Readonly<Record<string, string>> = {
  'cannot be compared: no variance was observed': '没有观察到任何波动',
  'one seed per variant allows no conclusion about training runs': '每个变体只有一个种子',
}

function chineseEvidence({ test, evidence, registered, registration }: Claim): string {
  const late = isRegistered(registered) ? '' : `；${registration}`
  if (test === null) return `无法检验（${chineseReasons[evidence] ?? evidence}）${late}。`
  const { unit, difference, low, high, coverage, p, family, seeds } = test
  const signed = differenceIn(signedDifference(difference, unit), unit, 'zh')
  const interval = `${coverage * 100} % 区间 ${rangeText(low, high, unit).replace(' to ', ' 到 ')}`
  const probability = p === null ? '' : `，${probabilityStatement(p)}`
  const corrected = family > 1 ? `，按 ${family} 项检验校正` : ''
  return `相差 ${signed}（${interval}${probability}${corrected}；${chineseSeeds(seeds)}）${late}。`
}

function chineseSeeds([left, right]: readonly [number, number]): string {
  if (right === 0) return `${left} 个种子`
  return left === right ? `两边各 ${left} 个种子` : `两边分别有 ${left} 和 ${right} 个种子`
}
