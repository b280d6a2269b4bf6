import { runErrorOrThrow } from '../../../core/checked-json.js'
import { greedySteps } from '../../../decode/greedy-steps.js'
import { cells } from '../../../model/cells/index.js'
import { equationsUnder } from '../../../model/outline.js'
import { numberToHalf, type PlaygroundModel } from '../../../playground/model.js'
import { type ExportedForm, type ModelDescription, type RunRecord, readExportedForm } from '../../../store/index.js'
import { outputLimit } from '../../../task/sizes.js'

/** Whether a page lets its reader try the model, and how precise its weights are there. */
export interface PlaygroundChoice {
  /** `auto`: where it is at most 2 MB. */
  readonly playground: 'auto' | 'on' | 'off'
  readonly playgroundWeights: 'float16' | 'float32'
}

export const defaultPlayground: PlaygroundChoice = { playground: 'auto', playgroundWeights: 'float16' }

/** Characters of a page that models may take without being asked for. */
export const mostCharacters = 2_000_000

/** A model as a page holds it. */
export interface EmbeddedModel {
  readonly model: PlaygroundModel
  /** Its numbers in base64. */
  readonly parameters: string
}

/** A model as a page holds it, or a sentence that says why it is not in it. */
export type Playground = EmbeddedModel | { readonly leftOut: string }

type Trained = Pick<RunRecord, 'spec' | 'status'>

/** Undefined where none is asked for, or there is no model. */
export function playgroundOf(
  directory: string,
  record: Trained,
  { playground, playgroundWeights }: PlaygroundChoice,
): Playground | undefined {
  if (playground === 'off') return undefined
  const most = playground === 'auto' ? mostCharacters : Number.POSITIVE_INFINITY
  const found = modelWithin(directory, record, playgroundWeights, most)
  return found !== undefined && 'tooLarge' in found ? { leftOut: tooLarge(found.tooLarge) } : found
}

type FoundModel = Playground | { readonly tooLarge: number } | undefined

/** As `modelIn`; of a damaged model it has the reason. */
export function modelWithin(...given: Parameters<typeof modelIn>): FoundModel {
  try {
    return modelIn(...given)
  } catch (error) {
    return { leftOut: `The model cannot be tried here: ${runErrorOrThrow(error).message}.` }
  }
}

/**
 * The model that a folder holds where it takes at most so many characters of a page, else how many it would take. Throws
 * SeqlabError 'run' where its files are missing or damaged.
 */
export function modelIn(
  directory: string,
  { spec, status }: Trained,
  weights: PlaygroundChoice['playgroundWeights'],
  most: number,
): FoundModel {
  if (status !== 'completed') return undefined
  const form = readExportedForm(directory)
  if (form === undefined) return undefined
  const factors = Object.keys(spec.model.source?.factors ?? {})
  if (factors.length > 0) return { leftOut: withFactors(factors) }
  const width = weights === 'float16' ? 2 : 4
  const least = Math.ceil((form.description.parameters.count * width * 4) / 3)
  if (least > most) return { tooLarge: least }
  const embedded = embeddedForm(form, { spec }, width)
  const size = charactersOf(embedded)
  return size > most ? { tooLarge: size } : embedded
}

/** What a model takes of a page. */
export function charactersOf({ model, parameters }: EmbeddedModel): number {
  return parameters.length + JSON.stringify(model).length
}

/** `2.7 MB`. */
export function megabytes(characters: number): string {
  return `${(characters / 1e6).toFixed(1)} MB`
}

function tooLarge(characters: number): string {
  return `The model would add ${megabytes(characters)} to this page, more than ${mostCharacters / 1e6} MB: it was left out. --playground on puts it in.`
}

function withFactors(names: readonly string[]): string {
  return `The model cannot be tried here: it reads ${names.join(', ')} of each token, for which a page has no field.`
}

function embeddedForm(form: ExportedForm, { spec }: Pick<RunRecord, 'spec'>, width: 2 | 4): EmbeddedModel {
  const { description, functionBytes } = form
  const { bytes, start } = form.parameters()
  const { vocabularies, joiners, learned, scaling, sizes, functions = {} } = description
  const { sourceTokens, features, characters } = spec.data
  const model: PlaygroundModel = {
    ...{ task: spec.task.type, decode: spec.decode, maxLength: outputLimit(sizes), vocabularies, joiners, sizes },
    ...(learned?.source && { learned: learned.source }),
    ...(scaling && { scaling }),
    data: {
      ...(sourceTokens && { sourceTokens }),
      ...(features && { features }),
      ...(characters && { characters }),
    },
    joined: spec.model.features?.join.type === 'source',
    equations: equationsOf(spec.model),
    ...('chunk' in spec.task && typeof spec.task.chunk === 'number' && { chunk: spec.task.chunk }),
    functions: Object.fromEntries(
      Object.entries(functions)
        .filter(([name]) => name !== greedySteps)
        .map(([name, each]) => [name, functionOf(each, functionBytes(name))]),
    ),
    parameters: { start, width },
  }
  return { model, parameters: numbersOf(bytes.subarray(start), width) }
}

/** Of the cells that a page can show, as the outline has them; an own part may be none that is there. */
function equationsOf({ encoder, decoder }: RunRecord['spec']['model']): Record<string, readonly string[]> {
  return Object.fromEntries(
    Object.entries({ encoder, decoder }).flatMap(([section, options]) => {
      const part = options === undefined ? undefined : cells.find(options.cell.type)
      return part === undefined || options === undefined ? [] : [[section, equationsUnder(part, options.cell)]]
    }),
  )
}

function functionOf({ inputs, outputs, empty }: NonNullable<ModelDescription['functions']>[string], bytes: Uint8Array) {
  return {
    model: Buffer.from(bytes).toString('base64'),
    inputs: inputs.map(({ name, shape }) => ({ name, shape })),
    outputs: outputs.map(({ name, path }) => ({ name, path })),
    empty,
  }
}

/** float32 numbers in base64, as they are or rounded to float16. */
function numbersOf(bytes: Uint8Array, width: 2 | 4): string {
  if (width === 4) return Buffer.from(bytes).toString('base64')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const halves = new DataView(new ArrayBuffer(bytes.byteLength / 2))
  for (let at = 0; at < bytes.byteLength / 4; at++) {
    halves.setUint16(2 * at, numberToHalf(view.getFloat32(4 * at, true)), true)
  }
  return Buffer.from(halves.buffer).toString('base64')
}
