// Counts of Lake & Baroni 2018 and of the published files (github.com/brendenlake/SCAN).
import { expect, test } from 'vitest'
import { allCommands, scanGrammar, splitCommands } from '../../../src/data/sources/generated/scan-grammar.js'

const commands = allCommands()
const actionsOf = (text: string) => commands.find(({ words }) => words.join(' ') === text)?.actions.join(' ')

test('20,910 different commands', () => {
  expect(commands).toHaveLength(20_910)
  expect(new Set(commands.map(({ words }) => words.join(' '))).size).toBe(20_910)
})

// Of the paper's figure 1 and supplement.
test.each([
  ['jump', 'I_JUMP'],
  ['jump left', 'I_TURN_LEFT I_JUMP'],
  ['jump around right', 'I_TURN_RIGHT I_JUMP I_TURN_RIGHT I_JUMP I_TURN_RIGHT I_JUMP I_TURN_RIGHT I_JUMP'],
  ['turn left twice', 'I_TURN_LEFT I_TURN_LEFT'],
  ['jump thrice', 'I_JUMP I_JUMP I_JUMP'],
  ['jump opposite left and walk thrice', 'I_TURN_LEFT I_TURN_LEFT I_JUMP I_WALK I_WALK I_WALK'],
  [
    'jump opposite left after walk around left',
    'I_TURN_LEFT I_WALK I_TURN_LEFT I_WALK I_TURN_LEFT I_WALK I_TURN_LEFT I_WALK I_TURN_LEFT I_TURN_LEFT I_JUMP',
  ],
])('%s', (text, actions) => {
  expect(actionsOf(text)).toBe(actions)
})

test.each([
  ['simple', 16_728, 4182],
  ['length', 16_990, 3920],
  ['turn-left', 19_701, 1208],
  ['jump', 13_203, 7706],
] as const)('%s: as many commands as the published lists have', (split, train, tested) => {
  const sets = splitCommands(commands, split, 13)
  expect([sets.train.length, sets.test.length]).toEqual([train, tested])
})

// With the added primitive a tenth of training: 14,670 and 21,890 lines in the published files.
test.each([
  ['jump', 14_670, 'jump'],
  ['turn-left', 21_890, 'turn left'],
] as const)('%s: the primitive by itself is a tenth of training', async (split, lines, primitive) => {
  const { train, dev = [] } = await scanGrammar.build({ split, devExamples: 1000, seed: 13 }).read({ baseDir: '' })
  const [training, held] = [[...train], [...dev]]
  expect(training.length + held.length).toBe(lines)
  expect(held).toHaveLength(1000)
  expect(training.filter(({ source }) => [source].flat().join(' ') === primitive)).toHaveLength(lines / 10)
  expect(held.filter(({ source }) => [source].flat().join(' ') === primitive)).toEqual([])
})

test('length: training ends at 22 actions', () => {
  const { train, test: tested } = splitCommands(commands, 'length', 13)
  expect(Math.max(...train.map(({ actions }) => actions.length))).toBe(22)
  expect(Math.min(...tested.map(({ actions }) => actions.length))).toBe(24)
})
