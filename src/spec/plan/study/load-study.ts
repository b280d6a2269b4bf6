import { dirname, resolve } from 'node:path'
import { distinctProblems, type Place, type Problem } from '../../../core/errors.js'
import { judge, readable } from '../../../core/judge.js'
import { distinctBy } from '../../../core/lists.js'
import { didYouMean, nearest, oneOf, unknownName } from '../../../core/suggest.js'
import { isValidStudy } from '../../document/ahead.js'
import { extend } from '../../document/extend.js'
import { mergeAt, mergeMap } from '../../document/merge.js'
import { type MapNode, nest, placeOf, toJson, without } from '../../document/nodes.js'
import { type ReadFile, readingOnce } from '../../document/read.js'
import { type JsonSchema, propertiesOf } from '../../document/schema-navigation.js'
import { applyPoint, gridOf, parseSettings, type Setting, variantOf } from '../../document/set.js'
import { withSetHint } from '../../document/set-hints.js'
import { createValidate, type Validate } from '../../document/validate.js'
import { plain, specSchema } from '../../schema.js'
import { StudyOptions, studyKeys } from '../../study-options.js'
import type { Claim, Comparison, LoadedSpec, Published } from '../../types.js'
import type { DataOf } from '../datasets.js'
import { type Loaded, type LoadOptions, othersOf } from '../load-specs.js'
import { normalise } from '../normalise.js'
import { nameOf, resolveSpec, structuralProblems } from '../resolve.js'
import { unfitPaths } from '../unfit.js'
import { claimProblems, metricsOf } from './claims.js'
import { variantLabel } from './labels.js'
import { type Match, matchOf, matchProblems } from './match-options.js'
import type { Point } from './point.js'
import { pointsOf } from './points.js'
import { publishedProblems } from './published.js'
import { repeatedClaims } from './repeated-claims.js'

/** A study: its variants, and what is asked of them together. */
export interface Study extends Loaded {
  readonly name: string
  /** Training seeds of every variant; none: each spec's own. */
  readonly seeds?: readonly number[]
  readonly match?: Match
  readonly budget: NonNullable<StudyOptions['budget']>
  readonly compare?: Comparison
  readonly claims: readonly Claim[]
  readonly published?: Published
  /** What authors should know of it that is no problem. */
  readonly notes: readonly string[]
}

/** Reads a study: its base, its grid, every variant resolved; every problem of every variant, each once. */
export function loadStudy(file: string, { readFile = readingOnce(), ...options }: LoadOptions = {}): Study {
  const read = readFile(file)
  if ('problems' in read) return unreadable(file, read.problems)
  const root = read.node
  if (root.kind === 'map') return resolveStudy(root, file, readFile, options)
  return unreadable(file, [{ path: '', message: 'a study is a map of keys and values', place: root.place }])
}

function unreadable(file: string, problems: readonly Problem[]): Study {
  return { name: nameOf(file), specs: [], problems, budget: {}, claims: [], notes: [] }
}

function resolveStudy(root: MapNode, file: string, readFile: ReadFile, options: LoadOptions): Study {
  const { set = [], dataDir, quick = false, validate = createValidate() } = options
  const schema = specSchema()
  const unknown = unknownKeys(root, schema)
  const base = extend(schema, without(root, ...studyKeys, ...unknown.map(({ path }) => path)), file, readFile)
  const studyOptions = ownOptions(validate, root)
  const { settings, problems: unset } = parseSettings(set)
  const slow =
    quick && studyOptions.value.quick === undefined ? [{ path: '', message: notQuick, place: root.place }] : []
  const own = [...unknown, ...studyOptions.problems, ...unset, ...slow]
  const shapeless =
    studyOptions.problems.some(({ path }) => shaping.includes(path.split('.')[0] ?? '')) ||
    unknown.some(({ path }) => shaping.includes(nearest(path, knownKeys(schema)) ?? path))
  if ('problems' in base || shapeless) {
    const early = [
      ...unknown,
      ...('problems' in base ? base.problems : []),
      ...studyOptions.problems,
      ...unset,
      ...slow,
    ]
    return unreadable(file, [...early, ...wholeProblems(studyOptions, root, undefined)])
  }
  const { points, problems, notes } = pointsOf(studyOptions.value, root)
  const baseDir = resolve(dataDir ?? dirname(file))
  const overlay = quick ? quickOverlay(root) : []
  const context = { schema, validate, file, base: base.node, baseDir, budget: studyOptions.value.budget, overlay }
  const variants = points.flatMap((point) => resolvePoint(context, point, settings))
  const right = variants.flatMap((variant) => ('loaded' in variant ? [variant] : []))
  const specs = right.map(({ loaded }) => loaded)
  const wrong = variants.flatMap((variant) => ('problems' in variant ? variant.problems : []))
  const found = [...problems, ...conflicts(studyOptions.value, root, points, settings), ...wrong]
  // Which variants there are, and what they are called, is known where they have no problem.
  const isKnown = found.length + unknown.length === 0
  const all = [
    ...own,
    ...found,
    ...(isKnown && !quick ? quickProblems({ ...context, overlay: quickOverlay(root) }, points) : []),
    ...(isKnown ? labelProblems(right) : []),
    ...wholeProblems(studyOptions, root, isKnown ? specs : undefined),
  ]
  const others = variants.flatMap((variant) => ('others' in variant ? variant.others : []))
  const study = assemble(withoutUnfit(studyOptions), root, file, specs, quick)
  return { ...study, problems: distinctProblems(all), notes, others }
}

/** Keys that say which variants there are: where one is wrong or misspelt, no variant is looked at. */
const shaping: readonly string[] = ['', 'grid', 'random', 'exclude', 'include', 'budget', 'quick']

interface OwnOptions {
  readonly value: StudyOptions
  readonly problems: readonly Problem[]
  /** What no rule can look at. */
  readonly unfit: readonly string[]
}

/** Those keys of a study that fit their schemas. */
function withoutUnfit({ value, problems }: OwnOptions): StudyOptions {
  const unfit = new Set(problems.map(({ path }) => path.split('.')[0]))
  return Object.fromEntries(Object.entries(value).filter(([key]) => !unfit.has(key)))
}

const notQuick = 'this study has no `quick`: it says nothing of how it is made short'

/** What `--quick` lays over every variant, but the seeds. */
function quickOverlay(study: MapNode): Point {
  const quick = study.entries.get('quick')?.value
  if (quick?.kind !== 'map') return []
  return [...quick.entries].flatMap(([path, { value: node, keyPlace }]) =>
    path === 'seeds' ? [] : [{ path, node, keyPlace }],
  )
}

/** What would be wrong with the study under `--quick` and is not without it; what `--set` lays over one command is left out. */
function quickProblems(context: Context, points: readonly Point[]): Problem[] {
  if (context.overlay.length === 0) return []
  const problemsWith = (overlay: Point) =>
    points.flatMap((point) =>
      resolvePoint({ ...context, overlay }, point, []).flatMap((variant) =>
        'problems' in variant ? variant.problems : [],
      ),
    )
  const found = problemsWith(context.overlay)
  if (found.length === 0) return []
  const before = new Set(problemsWith([]).map((problem) => JSON.stringify(problem)))
  return found
    .filter((problem) => !before.has(JSON.stringify(problem)))
    .map((problem) => ({ ...problem, message: `with --quick: ${problem.message}` }))
}

function ownOptions(validate: Validate, study: MapNode): OwnOptions {
  const studyOptions: MapNode = {
    ...study,
    entries: new Map([...study.entries].filter(([key]) => studyKeys.includes(key))),
  }
  const written = toJson(studyOptions)
  const normal = normalise(plain(StudyOptions), written)
  const found = structuralProblems(normal, validate, isValidStudy)
  const problems = found.map((problem) => ({ ...problem, place: problem.place ?? placeOf(studyOptions, problem.path) }))
  return { value: normal.value as unknown as StudyOptions, problems, unfit: unfitPaths(found, normal.schema, written) }
}

function knownKeys(schema: JsonSchema): readonly string[] {
  return ['extends', ...Object.keys(propertiesOf(schema)), ...studyKeys]
}

/** Keys that neither a spec nor a study has. */
function unknownKeys(study: MapNode, schema: JsonSchema): Problem[] {
  const known = knownKeys(schema)
  return [...study.entries]
    .filter(([key]) => !known.includes(key))
    .map(([key, { keyPlace }]) => {
      const message = `\`${key}\` is not a key of a study${didYouMean(key, known)}`
      return { code: 'unknown-key', path: key, message, expected: oneOf(known), place: keyPlace }
    })
}

interface Context {
  readonly schema: JsonSchema
  readonly validate: Validate
  readonly file: string
  readonly base: MapNode
  readonly baseDir: string
  readonly budget: StudyOptions['budget']
  /** What is laid over every variant. */
  readonly overlay: Point
}

interface RightVariant {
  readonly loaded: LoadedSpec
  /** Where its first value is written. */
  readonly place: Place | undefined
}

type Variant = RightVariant | { readonly problems: readonly Problem[]; readonly others: readonly DataOf[] }

/** Base <- the point's values <- the budget's steps <- `--set`, whose several values multiply the variants. */
function resolvePoint(context: Context, point: Point, settings: readonly Setting[]): readonly Variant[] {
  const { schema, validate, file, base, baseDir, budget, overlay } = context
  const chosen = laidOver(schema, base, point)
  const budgeted = laidOver(
    schema,
    budget?.steps === undefined ? chosen : withSteps(chosen, budget.steps, schema),
    overlay,
  )
  return gridOf(settings).map((set): Variant => {
    const { node, hints } = applyPoint(schema, budgeted, set)
    const resolved = resolveSpec(schema, validate, node, file)
    if (!('spec' in resolved)) {
      const problems = resolved.problems.map((problem) => withSetHint(problem, hints))
      return { problems, others: othersOf(resolved, baseDir, node) }
    }
    const studyOptions = Object.fromEntries(point.map(({ path, node: value }) => [path, toJson(value)]))
    const variant = { ...studyOptions, ...variantOf(set) }
    const label = variantLabel(variant) || resolved.spec.name
    const [first] = [...point.map((choice) => choice.node), ...set.map(({ value }) => value.node)]
    return { loaded: { spec: resolved.spec, file, baseDir, variant, label, written: node }, place: first?.place }
  })
}

function laidOver(schema: JsonSchema, base: MapNode, point: Point): MapNode {
  return point.reduce(
    (node, { path, node: value, keyPlace }) => mergeAt(schema, node, path.split('.'), { value, keyPlace }),
    base,
  )
}

function withSteps(node: MapNode, steps: number, schema: JsonSchema): MapNode {
  return mergeMap(schema, node, nest(['train', 'steps'], { kind: 'scalar', value: steps, place: node.place }))
}

/** What the study varies and something else sets for all variants: their labels would not be true. */
function conflicts(
  { budget, quick }: StudyOptions,
  study: MapNode,
  points: readonly Point[],
  settings: readonly Setting[],
): Problem[] {
  const varied = [...new Set(points.flatMap((point) => point.map(({ path }) => path)))]
  const over = (path: string, other: string) => `${other}.`.startsWith(`${path}.`) || `${path}.`.startsWith(`${other}.`)
  const budgeted = budget?.steps === undefined ? [] : varied.filter((path) => over('train.steps', path))
  const set = settings.map(({ path }) => path.join('.'))
  const shortened = Object.keys(quick ?? {}).filter((path) => varied.some((other) => over(path, other)))
  return [
    ...shortened.map((path) => ({
      path: 'quick',
      message: `the study varies ${path}, and \`quick\` would give every variant the same`,
      hint: 'Leave it out of `quick`.',
      place: placeOf(study, 'quick'),
    })),
    ...(quick !== undefined && 'seeds' in quick && !isCount(quick.seeds)
      ? [
          {
            path: 'quick.seeds',
            message: 'quick has a number of seeds',
            expected: '1 or more',
            place: placeOf(study, 'quick'),
          },
        ]
      : []),
    ...budgeted.map((path) => ({
      path: 'budget.steps',
      message: `the study varies ${path}, and a budget of steps would give every variant the same`,
      hint: 'Leave one of the two out.',
      place: placeOf(study, 'budget.steps'),
    })),
    ...set.flatMap((path) =>
      varied
        .filter((other) => over(path, other))
        .map((other) => ({
          path,
          message: `--set ${path} would overwrite what the study varies (${other})`,
          hint: 'Use --only to run some of the variants, or change the study.',
        })),
    ),
  ]
}

const isCount = (value: unknown) => Number.isInteger(value) && Number(value) > 0

/** Rules of the whole study: what claims name, metrics, paths that `match` solves. `specs`: every variant, where all are right. */
function wholeProblems(
  { value, unfit }: OwnOptions,
  study: MapNode,
  specs: readonly LoadedSpec[] | undefined,
): Problem[] {
  const options = readable(value, unfit)
  const at = (problem: Problem): Problem => {
    const place = placeOf(study, problem.path, problem.code === 'unknown-key' ? 'key' : 'value')
    return { ...problem, place }
  }
  const claims = () => claimProblems(options.claims ?? [], specs)
  if (specs === undefined) return judge(claims).map(at)
  const paths = Object.keys(specs[0]?.variant ?? {})
  const whereIs = (path: string) => `line ${placeOf(study, path).line}`
  return judge(
    claims,
    () => repeatedClaims(options.claims ?? [], specs, whereIs),
    () => publishedProblems(options.published, specs, seedCount(options, specs)),
    () => compareProblems(options, specs, paths),
    () => matchProblems(options, paths, specs),
  ).map(at)
}

/** Names that two variants would share, each once, where the second one is written. */
function labelProblems(variants: readonly RightVariant[]): Problem[] {
  const named = variants.map(({ loaded: { label }, place }) => ({ label, place }))
  const labels = named.map(({ label }) => label)
  const shared = named.filter(({ label }, index) => labels.indexOf(label) < index)
  return distinctBy(shared, ({ label }) => label).map(({ label, place }) => ({
    path: '',
    message: `two variants would both be called "${label}"`,
    ...(place && { place }),
  }))
}

function compareProblems({ compare }: StudyOptions, specs: readonly LoadedSpec[], paths: readonly string[]): Problem[] {
  const { metric, by } = compare ?? {}
  return [
    ...(metric === undefined ? [] : unknownName('compare.metric', 'metric', metric, metricsOf(specs))),
    ...(by ?? []).flatMap((path, index) => unknownName(`compare.by.${index}`, 'path of the grid', path, paths)),
  ]
}

function seedsOf({ seeds }: StudyOptions): readonly number[] | undefined {
  return typeof seeds === 'number' ? Array.from({ length: seeds }, (_, index) => index + 1) : seeds
}

/** Of every variant: those of the study, or where it has none those that its variants differ in. */
function seedCount(options: StudyOptions, specs: readonly LoadedSpec[]): number {
  return seedsOf(options)?.length ?? new Set(specs.map(({ spec }) => spec.seed)).size
}

function assemble(
  options: StudyOptions,
  study: MapNode,
  file: string,
  specs: readonly LoadedSpec[],
  quick: boolean,
): Omit<Study, 'problems' | 'notes'> {
  const written = study.entries.get('name')?.value
  const own = written?.kind === 'scalar' && typeof written.value === 'string' ? written.value : nameOf(file)
  // What is short is no part of the study's own results.
  const name = quick ? `${own}-quick` : own
  const { compare, claims, published } = options
  const [match, seeds] = [matchOf(options), seedsOf(quick ? { ...options, ...quickSeeds(options) } : options)]
  return {
    name,
    specs: specs.map((loaded) => ({ ...loaded, spec: { ...loaded.spec, name } })),
    ...(seeds && { seeds }),
    ...(match === undefined
      ? {}
      : { match: { ...match, places: match.by.map((_, at) => placeOf(study, `match.by.${at}`)) } }),
    budget: options.budget ?? {},
    ...(compare === undefined ? {} : { compare }),
    claims: claims ?? [],
    ...(published === undefined ? {} : { published }),
  }
}

function quickSeeds({ quick }: StudyOptions): Pick<StudyOptions, 'seeds'> {
  const seeds = quick?.seeds
  return typeof seeds === 'number' ? { seeds } : {}
}
