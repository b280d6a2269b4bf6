import type { Problem } from '../../../core/errors.js'
import { judge } from '../../../core/judge.js'
import { inRow, oneOf, unknownName } from '../../../core/suggest.js'
import { metrics } from '../../../metrics/index.js'
import { copiesCurve, curveNames, trainingLineDue, validationDue } from '../../../train/curve-names.js'
import type { Claim, LoadedSpec, Spec } from '../../types.js'
import { directionOf } from './direction.js'
import { measuredAs, waysOf } from './measured.js'
import { rangeProblems, widthProblems } from './ranges.js'
import { sidesProblems } from './side-problems.js'
import { variantsOn } from './sides.js'

/**
 * Claims that could never be judged: about unknown variants, settings, metrics or curves, or incomplete. `specs`: every
 * variant; undefined where which they are is not known, and what claims say of them neither.
 */
export function claimProblems(claims: readonly Claim[], specs: readonly LoadedSpec[] | undefined): Problem[] {
  const rules = Array.from(
    { length: claims.length },
    (_, index) => () => ofClaim(`claims.${index}`, claims[index], specs),
  )
  return judge(...rules)
}

function ofClaim(path: string, claim: Claim | undefined, specs: readonly LoadedSpec[] | undefined): Problem[] {
  if (claim === undefined) return []
  const sides = () => (specs === undefined ? [] : sidesProblems(path, claim, specs))
  return judge(
    sides,
    () => marginProblems(path, claim),
    () => effectProblems(path, claim),
    () => formProblems(path, claim),
    () => (specs === undefined ? [] : scaleProblems(path, claim, onSides(claim, sides(), specs), specs)),
    () => (specs === undefined ? [] : measureProblems(path, claim, { specs, on: onSides(claim, sides(), specs) })),
    // Of sides that mean nothing there is nothing to say.
    () => (specs === undefined || sides().length > 0 ? [] : severalWays(path, claim, onSides(claim, [], specs), specs)),
  )
}

/** The variants on either side; all where a side is wrong. */
function onSides(
  { left, right }: Claim,
  wrong: readonly Problem[],
  specs: readonly LoadedSpec[],
): readonly LoadedSpec[] {
  return wrong.length === 0 ? [left, right].flatMap((side) => variantsOn(side, specs)) : specs
}

function marginProblems(path: string, { relation, margin }: Claim): Problem[] {
  return relation === 'equivalent' && margin === undefined
    ? [{ path, message: 'equivalence needs a `margin`: the smallest difference of interest' }]
    : []
}

/** An effect that no study could show, or that something else says already. */
function effectProblems(path: string, { relation, margin, effect, spread }: Claim): Problem[] {
  if (relation === 'equivalent') {
    const message = 'equivalence has its `margin` for the smallest difference that matters'
    return effect === undefined ? [] : [{ path: `${path}.effect`, message, hint: 'Leave `effect` out.' }]
  }
  if (effect === undefined) {
    const message = '`spread` serves to tell the power for an `effect`, and there is none'
    return spread === undefined ? [] : [{ path: `${path}.spread`, message, hint: 'Give `effect`, or leave it out.' }]
  }
  if (margin === undefined || effect > margin) return []
  const message = 'a difference of this effect would not be beyond the `margin`, so the claim could never be supported'
  return [{ path: `${path}.effect`, message, expected: `above ${margin}`, received: String(effect) }]
}

/** What a claim is about is one thing. */
function formProblems(path: string, { metric, curve, at }: Claim): Problem[] {
  if (metric !== undefined && curve !== undefined)
    return [{ path, message: 'a claim has a `metric` or a `curve`, not both' }]
  if (curve !== undefined) return []
  if (metric === undefined) return [{ path, message: 'a claim needs a `metric` (on test) or a `curve` (over steps)' }]
  return at === undefined
    ? []
    : [{ path: `${path}.at`, message: '`at` applies to curves; a metric has one value on test' }]
}

function measureProblems(
  path: string,
  claim: Claim,
  { specs, on }: { readonly specs: readonly LoadedSpec[]; readonly on: readonly LoadedSpec[] },
): readonly Problem[] {
  const { metric, curve } = claim
  if ((metric === undefined) === (curve === undefined)) return []
  if (curve !== undefined) return curveProblems(path, curve, claim, on)
  return metric === undefined ? [] : unknownName(`${path}.metric`, 'metric', metric, metricsOf(specs))
}

/** A metric whose values on the two sides are not of one measure. */
function severalWays(at: string, claim: Claim, on: readonly LoadedSpec[], specs: readonly LoadedSpec[]): Problem[] {
  const { metric = '', curve } = claim
  const [name, path] = curve === undefined ? [metric, `${at}.metric`] : [curve, `${at}.curve`]
  const ways = waysOf(name, measuredAs(claim, on, specs))
  if (ways.length < 2) return []
  const message = `the sides measure \`${name}\` in ${ways.length === 2 ? 'two' : ways.length} ways, ${inRow(ways, 'and')}, which are not compared with each other`
  return [{ path, message, hint: 'Claim it of variants that measure it under the same options.' }]
}

/** Figures, and differences, that the metric (or the curve of one) cannot have. */
function scaleProblems(path: string, claim: Claim, on: readonly LoadedSpec[], specs: readonly LoadedSpec[]): Problem[] {
  const [measure] = measuredAs(claim, on, specs)
  if (measure === undefined) return []
  const differences = (['margin', 'effect', 'spread'] as const).flatMap((key) => {
    const value = claim[key]
    return value === undefined ? [] : widthProblems(`${path}.${key}`, measure.type, value)
  })
  return [...figureProblems(`${path}.right`, measure.type, claim), ...differences]
}

/** A figure that the metric cannot have, or that nothing can be beyond as claimed. */
function figureProblems(path: string, metric: string, claim: Claim): Problem[] {
  const { right, margin = 0 } = claim
  if (typeof right !== 'number') return []
  const wrong = rangeProblems(path, metric, right)
  const direction = directionOf(claim)
  if (wrong.length > 0 || (direction !== 'lower' && direction !== 'higher')) return wrong
  const [least, most] = metrics.get(metric).range
  if ((direction === 'higher' ? most - right : right - least) > margin) return []
  const by = margin > 0 ? ` by more than the \`margin\` of ${margin}` : ''
  const message = `${metric} cannot be ${direction} than ${right}${by}, so the claim could never be supported`
  return [{ path, message, expected: direction === 'higher' ? `below ${most - margin}` : `above ${least + margin}` }]
}

function curveProblems(
  path: string,
  curve: string,
  { relation, at }: Claim,
  specs: readonly LoadedSpec[],
): readonly Problem[] {
  const unknown = unknownName(`${path}.curve`, 'curve', curve, commonTo(specs, curveNames))
  if (unknown.length > 0) return unknown
  const undirected = curve === copiesCurve
  const message = `neither lower nor higher is better in ${curve}`
  return [
    ...(undirected && (relation === 'better' || relation === 'worse')
      ? [{ path: `${path}.relation`, message, expected: '`lower`, `higher` or `equivalent`', received: relation }]
      : []),
    ...(undirected && at === 'best'
      ? [{ path: `${path}.at`, message, expected: '`mean`, `last` or a step', received: at }]
      : []),
    ...(typeof at === 'number' ? stepProblems(`${path}.at`, curve, at, specs) : []),
  ]
}

/** A step at which a curve has no value; unknown, and accepted, where training is counted in epochs. */
function stepProblems(path: string, curve: string, step: number, specs: readonly LoadedSpec[]): Problem[] {
  return specs
    .flatMap(({ spec: { train }, label }): Problem[] => {
      if (train.steps === undefined) return []
      const due = dueAt(curve, train, train.steps)
      if (step <= train.steps && due(step)) return []
      const message = `\`${label}\` has no ${curve} at step ${step}`
      return [{ path, message, expected: oneOf(nearestSteps(due, step, train.steps)), received: String(step) }]
    })
    .slice(0, 1)
}

function dueAt(curve: string, { validate }: Spec['train'], totalSteps: number): (step: number) => boolean {
  return (step) =>
    curve === 'training-loss' ? trainingLineDue(step, totalSteps) : validationDue(step, validate.every, totalSteps)
}

/** The last step before and the first step after that have a value. */
function nearestSteps(due: (step: number) => boolean, step: number, totalSteps: number): string[] {
  let [before, after] = [Math.min(step, totalSteps), step]
  while (before > 0 && !due(before)) before--
  while (after < totalSteps && !due(after)) after++
  return [before, after].filter((each) => each > 0 && each <= totalSteps).map(String)
}

/** Metrics that every variant has. */
export function metricsOf(specs: readonly LoadedSpec[]): readonly string[] {
  return commonTo(specs, ({ metrics }) => metrics.map(({ type }) => type))
}

function commonTo(specs: readonly LoadedSpec[], namesOf: (spec: Spec) => readonly string[]): readonly string[] {
  const [first, ...others] = specs.map(({ spec }) => namesOf(spec))
  return (first ?? []).filter((name) => others.every((names) => names.includes(name)))
}
