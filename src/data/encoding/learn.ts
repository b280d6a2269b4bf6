import type { DataOptions } from '../options.js'
import { tokenizers } from '../tokenizers/index.js'
import { isLearned, type TokenizerPart } from '../tokenizers/types.js'
import type { LearnedTokens, Sides } from '../types.js'
import type { TokenExample } from './tokenise.js'

const bothSides = ['source', 'target'] as const

/** Whether a tokenizer learns its pieces here: all of them are in the vocabulary then. */
export function learnsPieces({ type }: NonNullable<DataOptions['sourceTokens']>): boolean {
  const part: TokenizerPart = tokenizers.get(type)
  return part.learn !== undefined
}

/** Tokenizers that are read from files. Throws SeqlabError 'data', with the file. */
export async function readTokenizers(options: DataOptions, baseDir: string): Promise<LearnedTokens> {
  const read = async (choice: DataOptions['sourceTokens']) => {
    const part: TokenizerPart | undefined = choice && tokenizers.get(choice.type)
    return choice === undefined ? undefined : part?.read?.(choice, baseDir)
  }
  const [source, target] = [await read(options.sourceTokens), await read(options.targetTokens)]
  return { ...(source && { source }), ...(target && { target }) }
}

/**
 * What the sides' tokenizers learn from training examples whose texts are whole (one token each); undefined where none
 * learns. Throws SeqlabError 'data' where an option asks for what cannot be learned.
 */
export function learnTokens(
  train: () => readonly TokenExample[],
  options: DataOptions,
  sides: Sides,
): LearnedTokens | undefined {
  const learners = bothSides.flatMap((side) => {
    const choice = options[`${side}Tokens`]
    const part: TokenizerPart | undefined = choice && tokenizers.get(choice.type)
    if (part?.learn === undefined || choice === undefined || (side === 'target' && sides.target !== 'tokens')) return []
    const { learn } = part
    return [{ side, learn: (texts: readonly string[]) => learn(choice, texts, `data.${side}Tokens`) }]
  })
  if (learners.length === 0) return undefined
  const examples = train()
  return Object.fromEntries(
    learners.map(({ side, learn }) => [side, learn(examples.flatMap((example) => example[side]))]),
  )
}

/** Whole texts of examples as pieces, on the sides that have learned them. */
export function inPieces(
  learned: LearnedTokens,
  options: DataOptions,
  sides: Sides,
): (examples: readonly TokenExample[]) => TokenExample[] {
  const [source, target] = bothSides.map((side) => cutter(options[`${side}Tokens`], learned[side]))
  return (examples) =>
    // An alignment is over whole tokens.
    examples.map(({ alignment: _, ...example }) => {
      const own = source?.(example.source) ?? example.source
      const other = sides.target === 'none' ? own : (target?.(example.target) ?? example.target)
      return { ...example, source: own, target: other }
    })
}

function cutter(choice: DataOptions['sourceTokens'], state: LearnedTokens['source']) {
  if (choice === undefined || state === undefined) return undefined
  const part: TokenizerPart = tokenizers.get(choice.type)
  const tokenize = part.build(choice, state)
  return isLearned(part) ? (texts: readonly string[]) => texts.flatMap(tokenize) : undefined
}
