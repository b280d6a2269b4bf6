import { damaged } from '../core/checked-json.js'
import { SeqlabError } from '../core/errors.js'
import type { HostTensor } from '../core/tensors.js'
import { leaves, mapTree, type Tree } from '../core/tree.js'
import { vocabulariesByName } from '../data/description.js'
import { aheadScaling, targetScaling } from '../data/scaling.js'
import { tokenizers } from '../data/tokenizers/index.js'
import { stateProblem } from '../data/tokenizers/subwords/check-state.js'
import { isLearned } from '../data/tokenizers/types.js'
import { type SeriesScaling, specialSymbols, UNK, type Vocabulary } from '../data/types.js'
import type { KnownSymbols, SymbolSpace } from '../model/representation/types.js'
import type { ModelSizes } from '../model/sizes.js'
import { resolveStored } from '../spec/plan/stored.js'
import type { Spec } from '../spec/types.js'
import { type ModelDescription, modelPath, type StoredModel } from '../store/index.js'
import { taskOf, tasks } from '../task/index.js'
import type { TaskModel, TaskPart } from '../task/types.js'

/** A stored model, built: its functions and its parameters. */
export interface TrainedParts {
  readonly description: ModelDescription
  readonly spec: Spec
  readonly task: TaskPart
  readonly sizes: ModelSizes
  readonly model: TaskModel
  readonly params: Tree<HostTensor>
}

/**
 * Builds what a model's folder describes. Everything that was read is checked against it: nothing is reserved for sizes
 * that the parameters do not have. Throws SeqlabError 'run', with the file, where they do not fit each other.
 */
export function buildTrained({ directory, description, parameters }: StoredModel): TrainedParts {
  const file = modelPath(directory, 'description')
  const spec = resolveStored(description.spec, file)
  checkVocabularies(description, file)
  checkLearned(spec, description, file)
  const task: TaskPart = tasks.get(spec.task.type)
  checkSides(task, description, file)
  checkCharacters(spec, description, file)
  checkFactors(spec, description, file)
  const sizes = sizesOf(description, spec)
  const model = build(spec, sizes, file)
  const params = storedParameters(model, { directory, parameters })
  return { description, spec, task, sizes, model, params }
}

/** A stored model's parameters as the model has them. Throws SeqlabError 'run' where one is missing, too many, or of another shape. */
export function storedParameters(
  model: Pick<TaskModel, 'parameters'>,
  { directory, parameters }: Pick<StoredModel, 'directory' | 'parameters'>,
): Tree<HostTensor> {
  checkShapes(model, parameters, modelPath(directory, 'parameters'))
  return mapTree(model.parameters, (_, path): HostTensor => {
    const tensor = parameters.get(path)
    if (tensor === undefined) throw new RangeError(`Parameter ${path} is missing`)
    return tensor
  })
}

function build(spec: Spec, sizes: ModelSizes, file: string): TaskModel {
  try {
    return taskOf(spec.task).build(spec.model, sizes)
  } catch (error) {
    if (!(error instanceof SeqlabError || error instanceof RangeError)) throw error
    throw new SeqlabError('run', `${file} describes a model that cannot be built: ${error.message}`, { cause: error })
  }
}

function checkVocabularies({ vocabularies }: ModelDescription, file: string): void {
  for (const [side, { symbols, specials: has }] of Object.entries(vocabulariesByName(vocabularies))) {
    const seen = new Set<string>()
    const twice = symbols.find((symbol) => seen.has(symbol) || !seen.add(symbol))
    if (twice !== undefined)
      throw damaged(file, `its ${side} vocabulary has ${JSON.stringify(twice.slice(0, 40))} twice`)
    if (has && specialSymbols.some((special, id) => symbols[id] !== special))
      throw damaged(file, `its ${side} vocabulary does not begin with ${specialSymbols.join(', ')}`)
  }
}

/** Tokenizers of pieces have them, and what they have holds together. */
function checkLearned({ data }: Spec, { learned }: ModelDescription, file: string): void {
  for (const side of ['source', 'target'] as const) {
    const [choice, state] = [data[`${side}Tokens`], learned?.[side]]
    if (choice !== undefined && isLearned(tokenizers.get(choice.type)) && state === undefined)
      throw damaged(file, `it has no pieces of its ${side} tokenizer, ${choice.type}`)
    const problem = state && stateProblem(state)
    if (problem !== undefined) throw damaged(file, `its ${side} tokenizer ${problem}`)
  }
}

/** A side has symbols or numbers, as the task needs, and numbers have their scale. */
function checkSides(
  { name, sides }: TaskPart,
  { vocabularies, sizes, scaling, spec }: ModelDescription,
  file: string,
): void {
  const missing = (what: string) => damaged(file, `it has no ${what}, which the task ${name} needs`)
  if (spec.model.features !== undefined && vocabularies.features?.specials !== true)
    throw damaged(file, 'it has no vocabulary of features, which its model reads')
  for (const side of ['source', 'target'] as const) {
    const kind = sides[side]
    if (kind === 'none') continue
    if (kind === 'values') {
      const scaled = side === 'target' ? scaling && targetScaling(scaling) : scaling
      if ((sizes.widths[side] ?? 0) !== (scaled?.length ?? -1)) throw missing(`scale of each series (${side})`)
      if (!isInOrder(scaling ?? [])) throw damaged(file, 'its series are in a wrong order')
    } else if (vocabularies[side] === undefined) throw missing(`${side} vocabulary`)
    else if ((kind === 'tokens') !== vocabularies[side].specials) throw missing(`${side} vocabulary of ${kind}`)
  }
}

const roleOrder = [undefined, 'input', 'known-ahead'] as const

/** Series that are forecast come before those that are read, and these before those that are known ahead. */
function isInOrder(scaling: readonly SeriesScaling[]): boolean {
  const places = scaling.map(({ role }) => roleOrder.indexOf(role))
  return places.every((place, at) => place >= (places[at - 1] ?? 0))
}

/** Characters that a model reads have a vocabulary, and no token has more of them than are read. */
function checkCharacters({ data, model }: Spec, { vocabularies, sizes }: ModelDescription, file: string): void {
  if (model.source?.characters === undefined) return
  if (vocabularies.attributes?.characters?.specials !== true)
    throw damaged(file, 'it has no vocabulary of characters, which its model reads')
  const [longest, most] = [sizes.longestAttributes?.characters ?? 1, data.characters?.maxLength ?? 0]
  if (longest > most) throw damaged(file, `its tokens have ${longest} characters, and ${most} are read`)
}

/** Factors that a model reads have a vocabulary, and those without a separator one value. */
function checkFactors({ data, model }: Spec, { vocabularies, sizes }: ModelDescription, file: string): void {
  for (const name of Object.keys(model.source?.factors ?? {})) {
    const read = ownOf(data.factors, name)
    if (read === undefined || ownOf(vocabularies.attributes, name)?.specials !== true)
      throw damaged(file, `it has no vocabulary of the factor ${name}, which its model reads`)
    const longest = ownOf(sizes.longestAttributes, name) ?? 1
    if (read.separator === undefined && longest > 1)
      throw damaged(file, `its tokens have ${longest} values of the factor ${name}, and one is read`)
  }
}

/** What a record read from a file has under a name, whatever the name is. */
function ownOf<T>(record: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined
}

function attributesOf(
  { vocabularies, sizes }: ModelDescription,
  { data, model }: Spec,
): Pick<ModelSizes, 'attributes'> {
  const factors = Object.keys(model.source?.factors ?? {})
  const names = [...(model.source?.characters === undefined ? [] : ['characters']), ...factors]
  if (names.length === 0) return {}
  const listed = names.map((name) => {
    const vocabulary = ownOf(vocabularies.attributes, name)?.symbols.length ?? 0
    const longest = ownOf(sizes.longestAttributes, name) ?? 1
    const several = ownOf(data.factors, name)?.separator !== undefined && factors.includes(name)
    return [name, { vocabulary, longest, ...(several && { several }) }] as const
  })
  return { attributes: Object.fromEntries(listed) }
}

function knownFactors({ vocabularies }: ModelDescription, { model }: Spec): ModelSizes['known'] {
  const names = Object.keys(model.source?.factors ?? {})
  if (names.length === 0) return {}
  const known = names.map((name) => [name, { symbols: ownOf(vocabularies.attributes, name)?.symbols ?? [] }] as const)
  return { factors: Object.fromEntries(known) }
}

function sizesOf(description: ModelDescription, spec: Spec): ModelSizes {
  const { vocabularies, sizes, tags, scaling = [] } = description
  const { source, target = source, features } = vocabularies
  const { longestSource, longestTarget, longestFeatures, widths, vectors } = sizes
  const { length: ahead } = aheadScaling(scaling)
  return {
    source: space(source, widths.source),
    target: space(target, widths.target),
    ...{ longestSource, longestTarget },
    ...(ahead > 0 && { ahead }),
    ...(features && { features: { vocabulary: features.symbols.length, longest: longestFeatures ?? 1 } }),
    ...attributesOf(description, spec),
    ...(target?.specials === true ? { unknown: UNK } : {}),
    ...(tags && { tags }),
    known: {
      ...known('source', source, vectors.source),
      ...known('target', target, vectors.target),
      ...(features && { features: { symbols: features.symbols } }),
      ...knownFactors(description, spec),
    },
  }
}

function space(vocabulary: Vocabulary | undefined, width: number | undefined): SymbolSpace {
  return width === undefined ? { vocabulary: vocabulary?.symbols.length ?? 0 } : { width }
}

/** The vectors themselves are among the parameters: a model that is trained draws nothing. */
function known(side: 'source' | 'target', vocabulary: Vocabulary | undefined, width: number | undefined) {
  if (vocabulary === undefined) return {}
  const vectors: KnownSymbols['vectors'] = width === undefined ? undefined : { width, data: new Float32Array(0) }
  return { [side]: { symbols: vocabulary.symbols, ...(vectors && { vectors }) } }
}

function checkShapes(
  { parameters }: Pick<TaskModel, 'parameters'>,
  stored: StoredModel['parameters'],
  file: string,
): void {
  const expected = new Map(leaves(parameters))
  for (const [path, { shape }] of expected) {
    const tensor = stored.get(path)
    if (tensor === undefined) throw damaged(file, `the parameter ${path} is missing`)
    if (tensor.shape.join() !== shape.join()) {
      throw damaged(file, `${path} has the shape [${tensor.shape.join(', ')}], and the model [${shape.join(', ')}]`)
    }
  }
  const extra = [...stored.keys()].find((path) => !expected.has(path))
  if (extra !== undefined) throw damaged(file, `the model has no parameter ${JSON.stringify(extra.slice(0, 100))}`)
}
