import Type, { type Static, type TObject, type TProperties } from 'typebox'
import type { Problem } from '../../core/errors.js'
import type { Part } from '../../core/part.js'
import { randomStream } from '../../core/random.js'
import { closed } from '../../core/schema.js'
import { type DataSourcePart, defineExampleSource, type ExampleSource, type RawExample } from '../sources/types.js'
import { type SetName, type Sides, splitSeed } from '../types.js'
import { drawSet, type Generator, type SetSize } from './draw.js'

/** What a generator's file declares. */
export interface GeneratorPart<Options extends TProperties> extends Omit<Part, 'options'> {
  /** What the length of an example counts (`symbols`, `digits of the longer number`); absent where examples have no length to choose. */
  readonly lengthOf?: string
  readonly options: Options
  /** Problems that the schema cannot express; paths are relative to the source. `longest` is the largest length of any set. */
  problems?(options: Static<TObject<Options>>, sides: Sides, longest: number): readonly Problem[]
  build(options: Static<TObject<Options>>): Generator
}

/**
 * A source that draws its examples, each with a length that is uniform between two bounds. A source (a question, not its
 * answer) is held out or not by a hash of its text: a tenth of all for test, a tenth for dev. So no source is in two sets, and a
 * set stays the same when another one grows.
 */
export function defineGenerator<Options extends TProperties>(
  part: GeneratorPart<Options>,
): DataSourcePart<TObject, ExampleSource> {
  const { lengthOf, options, problems, build, ...declared } = part
  return defineExampleSource({
    ...declared,
    options: Type.Object({ ...setOptions(lengthOf), ...options }),
    gives: 'pairs',
    build: (written) => {
      const chosen = written as SetOptions & Static<TObject<Options>>
      const sizes = sizesOf(chosen)
      const longest = Math.max(...Object.values(sizes).map(({ maxLength }) => maxLength))
      return {
        brings: { dev: true, test: true },
        problems: (sides) => [...lengthProblems(chosen, sizes), ...(problems?.(chosen, sides, longest) ?? [])],
        read: async () => {
          const generator = build(chosen)
          const examplesOf = (set: SetName): RawExample[] =>
            drawSet(generator, set, sizes[set], randomStream(chosen.seed, 'generate', set))
          return { train: examplesOf('train'), dev: examplesOf('dev'), test: examplesOf('test') }
        },
      }
    },
  })
}

const heldOutExamples = 1000

interface HeldOutOptions {
  readonly examples: number
  readonly minLength?: number
  readonly maxLength?: number
}

interface SetOptions extends HeldOutOptions {
  readonly seed: number
  readonly dev?: HeldOutOptions
  readonly test?: HeldOutOptions
}

function setOptions(lengthOf: string | undefined): TProperties {
  const heldOut = (set: string) =>
    Type.Optional(
      Type.Object(
        {
          examples: count(set, heldOutExamples),
          ...(lengthOf === undefined ? {} : lengthOptions(lengthOf, 'optional')),
        },
        {
          ...closed,
          description:
            lengthOf === undefined
              ? `The ${set} set: number of \`examples\` (default: ${heldOutExamples}).`
              : `The ${set} set: number of \`examples\` (default: ${heldOutExamples}), their \`minLength\` and \`maxLength\` (default: those of training).`,
        },
      ),
    )
  return {
    seed: Type.Integer({
      minimum: 0,
      default: splitSeed,
      description:
        'Seed of the examples; independent of the training seed, so that all training seeds see the same data.',
    }),
    examples: count('training', 10_000),
    ...(lengthOf === undefined ? {} : lengthOptions(lengthOf, 'given')),
    dev: heldOut('dev'),
    test: heldOut('test'),
  }
}

function count(set: string, fallback: number) {
  const description = `Number of ${set} examples.`
  return Type.Integer({ minimum: 1, maximum: 10_000_000, default: fallback, description })
}

function lengthOptions(lengthOf: string, kind: 'given' | 'optional'): TProperties {
  const length = (which: string, fallback: number) => {
    const bounds = { minimum: 1, maximum: 4096, description: `${which} length, in ${lengthOf}.` }
    return kind === 'given' ? Type.Integer({ ...bounds, default: fallback }) : Type.Optional(Type.Integer(bounds))
  }
  return { minLength: length('Smallest', 1), maxLength: length('Largest', 10) }
}

function sizesOf({ examples, minLength = 1, maxLength = 1, dev, test }: SetOptions): Record<SetName, SetSize> {
  const train = { examples, minLength, maxLength }
  const heldOut = { ...train, examples: heldOutExamples }
  return { train, dev: { ...heldOut, ...dev }, test: { ...heldOut, ...test } }
}

function lengthProblems(options: SetOptions, sizes: Readonly<Record<SetName, SetSize>>): Problem[] {
  return (['train', 'dev', 'test'] as const).flatMap((set) => {
    const { minLength, maxLength } = sizes[set]
    if (minLength <= maxLength || (set !== 'train' && options[set] === undefined)) return []
    const isTraining = set === 'train'
    return [
      {
        path: isTraining ? 'minLength' : set,
        message: `the smallest length of ${isTraining ? 'training' : set} examples is above the largest`,
        expected: `at most ${maxLength}`,
        received: `${minLength}`,
      },
    ]
  })
}
