import Type from 'typebox'
import { randomStream } from '../../../core/random.js'
import { sureLinks } from '../../alignment.js'
import { splitSeed } from '../../types.js'
import { defineExampleSource, type RawExample } from '../types.js'

/** A command and what it means, in words and actions. */
export interface Command {
  readonly words: readonly string[]
  readonly actions: readonly string[]
  /** By action: the word that names it. */
  readonly from: readonly number[]
}

/** Commands with up to so many actions are training commands of the split by length. */
const longestInTraining = 22

/** An added primitive by itself is so large a part of training. */
const primitiveShare = 0.1

const options = Type.Object({
  split: Type.Union([Type.Literal('simple'), Type.Literal('length'), Type.Literal('turn-left'), Type.Literal('jump')], {
    default: 'simple',
    description:
      'simple: a fifth of all commands, drawn by seed, is test. length: commands with more than 22 actions are test. turn-left, jump: every command with `turn left` (`jump`) is test but the primitive itself, which is a tenth of training.',
  }),
  devExamples: Type.Integer({
    minimum: 1,
    maximum: 5000,
    default: 1000,
    description: 'Commands of training that are held out as dev set, by seed.',
  }),
  seed: Type.Integer({ minimum: 0, default: splitSeed, description: 'Seed of what is drawn.' }),
})

export const scanGrammar = defineExampleSource({
  name: 'scan-grammar',
  summary: 'Generated: all 20,910 commands of SCAN and their actions, from its grammar, in its published splits.',
  equations: [
    'C -> S and S | S after S | S',
    'S -> V twice | V thrice | V',
    'V -> U | turn D | U D | turn opposite D | U opposite D | turn around D | U around D',
    'U -> walk | look | run | jump',
    'D -> left | right',
  ],
  source: {
    paper: 'Lake & Baroni 2018, Generalization without Systematicity, supplement (grammar and interpretation)',
    url: 'https://arxiv.org/abs/1711.00350',
  },
  options,
  gives: 'pairs',
  build: ({ split, devExamples, seed }) => ({
    brings: { dev: true, test: true },
    read: async () => {
      const { train, test, primitive } = splitCommands(allCommands(), split, seed)
      const order = randomStream(seed, 'split', 'dev').shuffle(train)
      const repeated = primitive === undefined ? [] : repeat(primitive, train.length)
      const dev = new Set(order.slice(0, devExamples))
      return {
        train: examplesOf([...train.filter((command) => !dev.has(command)), ...repeated], 'train'),
        dev: examplesOf([...dev], 'dev'),
        test: examplesOf(test, 'test'),
      }
    },
  }),
})

interface Sets {
  readonly train: readonly Command[]
  readonly test: readonly Command[]
  /** Not in either of them. */
  readonly primitive?: Command
}

/** Before dev is held out. */
export function splitCommands(all: readonly Command[], split: string, seed: number): Sets {
  if (split === 'length') return parted(all, ({ actions }) => actions.length > longestInTraining)
  if (split === 'simple') {
    const test = new Set(
      randomStream(seed, 'split', 'test')
        .shuffle(all)
        .slice(0, all.length / 5),
    )
    return parted(all, (command) => test.has(command))
  }
  const phrase = split === 'jump' ? 'jump' : 'turn left'
  const textOf = ({ words }: Command) => words.join(' ')
  const others = all.filter((command) => textOf(command) !== phrase)
  const primitive = all.find((command) => textOf(command) === phrase)
  return { ...parted(others, (command) => textOf(command).includes(phrase)), ...(primitive && { primitive }) }
}

function parted(all: readonly Command[], isTest: (command: Command) => boolean): Sets {
  return { train: all.filter((command) => !isTest(command)), test: all.filter(isTest) }
}

/** As often as makes it a tenth of training. */
function repeat(primitive: Command, others: number): Command[] {
  return Array.from({ length: Math.round((others * primitiveShare) / (1 - primitiveShare)) }, () => primitive)
}

function examplesOf(commands: readonly Command[], set: string): RawExample[] {
  return commands.map(({ words, actions, from }, index) => ({
    source: words,
    target: actions,
    alignment: sureLinks(from, words.length),
    where: `scan ${set} command ${index + 1}`,
  }))
}

/** All commands, each once. */
export function allCommands(): Command[] {
  const single = verbs().flatMap((verb) => [
    verb,
    { words: [...verb.words, 'twice'], actions: times(verb.actions, 2), from: times(verb.from, 2) },
    { words: [...verb.words, 'thrice'], actions: times(verb.actions, 3), from: times(verb.from, 3) },
  ])
  const joined = single.flatMap((left) =>
    single.flatMap((right) => [joinedBy('and', left, right), joinedBy('after', left, right)]),
  )
  return [...single, ...joined]
}

/** What comes first in the words comes last in the actions where it is `after` the other. */
function joinedBy(word: 'and' | 'after', left: Command, right: Command): Command {
  const moved = { ...right, from: right.from.map((at) => at + left.words.length + 1) }
  const [first, second] = word === 'and' ? [left, moved] : [moved, left]
  return {
    words: [...left.words, word, ...right.words],
    actions: [...first.actions, ...second.actions],
    from: [...first.from, ...second.from],
  }
}

/** The 34 commands without `twice`, `thrice`, `and`, `after`. */
function verbs(): Command[] {
  const primitives = ['walk', 'look', 'run', 'jump'].map((word) => ({ word, actions: [`I_${word.toUpperCase()}`] }))
  const directed = [{ word: 'turn', actions: [] }, ...primitives].flatMap(({ word, actions }) =>
    ['left', 'right'].flatMap((direction): Command[] => {
      const turn = `I_TURN_${direction.toUpperCase()}`
      const own = actions.map(() => 0)
      return [
        { words: [word, direction], actions: [turn, ...actions], from: [1, ...own] },
        { words: [word, 'opposite', direction], actions: [turn, turn, ...actions], from: [2, 2, ...own] },
        { words: [word, 'around', direction], actions: times([turn, ...actions], 4), from: times([2, ...own], 4) },
      ]
    }),
  )
  return [...primitives.map(({ word, actions }) => ({ words: [word], actions, from: [0] })), ...directed]
}

function times<T>(items: readonly T[], count: number): T[] {
  return Array.from({ length: count }, () => items).flat()
}
