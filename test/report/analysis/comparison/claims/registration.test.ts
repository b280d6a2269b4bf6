import { expect, test } from 'vitest'
import {
  isRegistered,
  orderText,
  registrationText,
} from '../../../../../src/report/analysis/comparison/claims/registration.js'

const order = 'The ledger shows an order, not honesty: who has seen results elsewhere can still register a claim.'
const before = { started: 0, finished: 0 }
const whileTraining = { started: 2, finished: 0 }
const afterOne = { started: 2, finished: 1 }

test('a claim is registered where nothing was trained before it', () => {
  expect([null, before, { started: 1, finished: 0 }, afterOne].map(isRegistered)).toEqual([false, true, false, false])
})

test('a later claim says whether there was a result, even a single one', () => {
  expect(registrationText(before)).toBe('registered before training')
  expect(registrationText(whileTraining)).toBe(
    'added or changed after training had begun (2 trials), before there was a result',
  )
  expect(registrationText(afterOne)).toBe('added or changed after 1 trial had a result')
  expect(registrationText(undefined)).toBe('not in the ledger')
})

test('the order of a report counts the claims that are late', () => {
  const textOf = (...registered: Parameters<typeof isRegistered>[0][]) =>
    orderText(registered.map((one) => ({ registered: one })))
  expect(textOf()).toBe('')
  expect(textOf(before, before)).toBe(`All claims stood in the ledger before the first trial was started. ${order}`)
  expect(textOf(before, afterOne)).toBe(`1 claim was not there before the first trial was started. ${order}`)
  expect(textOf(null, before, whileTraining)).toBe(
    `2 claims were not there before the first trial was started. ${order}`,
  )
})
