import { expect, test } from 'vitest'
import { areSets } from '../../src/data/reading/class-folders.js'

test('folders are sets where one is train and all others are sets too', () => {
  expect(areSets(['train'])).toBe(true)
  expect(areSets(['test', 'train', 'valid'])).toBe(true)
  // Ways to travel: a class may be called train.
  expect(areSets(['bus', 'train'])).toBe(false)
  expect(areSets(['test', 'train', 'unsup'])).toBe(false)
  expect(areSets(['dev', 'test'])).toBe(false)
})
