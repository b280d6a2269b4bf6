import { cellChoices, encoders, fixedContexts, otherHeads } from './transducers.js'
import { nameOf, training, type Written, type WrittenSpec } from './variants.js'

// The other shapes of problem, each over every cell and encoder, and over every fixed context or entry where it has one.

const representation = { type: 'embedding', size: 6 }
const tokens = { sourceTokens: 'characters', targetTokens: 'characters' }

function inline(pairs: readonly (readonly [string, string])[]): Written {
  return { type: 'inline', train: pairs, dev: pairs, test: pairs }
}

const tagged = inline([
  ['a', 'x'],
  ['ba', 'yx'],
  ['cba', 'zyz'],
  ['dbbc', 'xyyz'],
])
// Each symbol has one tag, and follows only symbols later in the alphabet: a cell that forgets the order knows the last.
const taggedBySymbol = inline([
  ['a', 'x'],
  ['ba', 'yx'],
  ['cba', 'zyx'],
  ['dccb', 'xzzy'],
])
const labelled = inline([
  ['a', 'first'],
  ['ba', 'second'],
  ['cba', 'third'],
  ['dbbc', 'first'],
])
const generatedByChain = inline([
  ['a', 'z'],
  ['b', 'yz'],
  ['c', 'xyz'],
  ['d', 'wxyz'],
])
const generated = inline([
  ['a', 'x'],
  ['b', 'yz'],
  ['c', 'zwx'],
  ['d', 'vu'],
])
/** One line to learn; this seed of the split holds the two others out. `abac` takes memory to go on after `a`. */
function textOf(line: string): Written {
  const source = { type: 'text', text: `${line}\nx\ny\n` }
  return { source, sourceTokens: 'characters', split: { seed: 13, dev: 1, test: 1 } }
}

// A straight line, so that even a pooling that forgets the order can continue it.
const line = Array.from({ length: 16 }, (_, t) => t)

// What is known ahead is what is forecast, in another unit.
const withCovariates = line.map((t) => [(t % 5) + (t % 3), t, 2 * ((t % 5) + (t % 3)) + 1])

interface TaskCase {
  readonly name: string
  readonly task: Written
  readonly data: Written
  /** What a cell can learn that forgets the order, where that is not `data`. */
  readonly withoutMemory?: Written
  readonly source: Written
  /** Without a context: the task reads every step. */
  readonly contexts: readonly (Written | undefined)[]
}

const cases: readonly TaskCase[] = [
  {
    name: 'tag',
    task: { type: 'tag' },
    data: { source: tagged, ...tokens },
    withoutMemory: { source: taggedBySymbol, ...tokens },
    source: representation,
    contexts: [undefined],
  },
  {
    name: 'classify',
    task: { type: 'classify' },
    data: { source: labelled, sourceTokens: 'characters' },
    source: representation,
    contexts: fixedContexts,
  },
  ...[{}, { chunk: 4 }, { chunk: 4, carryState: false }].map(
    (options): TaskCase => ({
      name: nameOf({ type: 'language-model', ...options }),
      task: { type: 'language-model', ...options },
      data: textOf('carryState' in options ? 'abcd' : 'abac'),
      withoutMemory: textOf('abcd'),
      source: representation,
      contexts: [undefined],
    }),
  ),
  ...['squared', 'absolute'].map(
    (loss): TaskCase => ({
      name: `forecast loss=${loss}`,
      task: { type: 'forecast', loss },
      data: { source: { type: 'series', values: line, window: 4, horizon: 2 }, split: { dev: 3, test: 3 } },
      source: { type: 'numbers' },
      contexts: fixedContexts,
    }),
  ),
  {
    name: 'forecast with covariates',
    task: { type: 'forecast', loss: 'squared' },
    data: {
      source: {
        ...{ type: 'series', values: withCovariates, window: 4, horizon: 2 },
        ...{ targets: [1], inputs: [2], knownAhead: [3] },
      },
      split: { dev: 3, test: 3 },
    },
    source: { type: 'numbers' },
    contexts: fixedContexts.slice(0, 1),
  },
]

/** A feed-forward cell remembers nothing, aaren what it saw but not when. */
function forgetsOrder({ type }: Written): boolean {
  return type === 'feed-forward' || type === 'aaren'
}

export function otherTasks(): WrittenSpec[] {
  return [...readers(), ...labelsByOtherHeads(), ...generators()]
}

/** Labels by every head but the usual one, from one plain encoder. */
function labelsByOtherHeads(): WrittenSpec[] {
  return cases
    .filter(({ task }) => task.type !== 'forecast')
    .flatMap(({ name, task, data, source, contexts: [context] }) =>
      otherHeads.map((head): WrittenSpec => {
        const encoder = { cell: 'gru', hidden: 8 }
        const model = { source: { representation: source }, encoder, ...(context && { context }), head }
        return [`${name} | head ${nameOf(head)}`, { name: 'conformance', task, data, model, train: training }]
      }),
    )
}

/** Tasks that read a source and answer without a decoder. */
function readers(): WrittenSpec[] {
  return cases.flatMap(({ name, task, source, contexts, ...other }) =>
    cellChoices.flatMap((cell) =>
      Object.entries(encoders).flatMap(([encoderName, encoder]) =>
        contexts.map((context): WrittenSpec => {
          const parts = [name, nameOf(cell), encoderName, ...(context === undefined ? [] : [nameOf(context, 'from')])]
          const model = {
            source: { representation: source },
            encoder: { cell, ...encoder },
            ...(context && { context }),
          }
          const data = forgetsOrder(cell) ? (other.withoutMemory ?? other.data) : other.data
          return [parts.join(' | '), { name: 'conformance', task, data, model, train: training }]
        }),
      ),
    ),
  )
}

function generators(): WrittenSpec[] {
  return cellChoices.flatMap((cell) =>
    ['initial-state', 'first-step', 'every-step', 'both'].map(
      (receives): WrittenSpec => [
        ['generate', nameOf(cell), receives].join(' | '),
        {
          name: 'conformance',
          task: 'generate',
          data: { source: forgetsOrder(cell) ? generatedByChain : generated, ...tokens },
          model: {
            source: { representation },
            target: { representation },
            decoder: { cell, hidden: 8, receives },
          },
          train: training,
        },
      ],
    ),
  )
}
