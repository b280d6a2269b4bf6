import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { nodeFinding, testedNodes } from '../../src/runner/doctor.js'

test('the versions of Node that are called tested are those that are', () => {
  const script = readFileSync('scripts/node-versions', 'utf8')
  const continuous = readFileSync('.ci/run', 'utf8')
  expect(script).toContain(`versions=(${testedNodes.join(' ')})`)
  expect(continuous).toContain(`for version in ${testedNodes.join(' ')};`)
})

test('a version of Node is tested, not tested, or too old', () => {
  const found = (version: string) => {
    const { status, fix } = nodeFinding(version)
    return [status, fix]
  }
  const tested = 'Tested with Node 20, 22, 24, 26.'
  expect(found('26.1.0')).toEqual(['ok', undefined])
  expect(found('23.11.1')).toEqual(['ok', tested])
  expect(found('18.20.0')).toEqual(['missing', tested])
})
