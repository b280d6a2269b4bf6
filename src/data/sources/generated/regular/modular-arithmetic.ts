import { sizeSchema } from '../../../../core/part.js'
import { defineGenerator } from '../../../generating/define-generator.js'
import { regularSource } from './source.js'

export const modularArithmetic = defineGenerator({
  name: 'modular-arithmetic',
  summary: 'Generated: the value of a term of +, - and * (which goes first), by a modulus: 4 + 2 * 3 is 0 by 5.',
  equations: ['y = value(x) mod m'],
  source: regularSource,
  lengthOf: 'numbers of the term',
  options: { modulus: sizeSchema('Modulus: numbers are 0 to modulus - 1.', { default: 5 }) },
  build:
    ({ modulus }) =>
    (random, length) => {
      const numbers = Array.from({ length }, () => random.below(modulus))
      const operators = numbers.slice(1).map(() => ['+', '-', '*'][random.below(3)] ?? '+')
      const source = numbers.flatMap((number, at) =>
        at === 0 ? [`${number}`] : [operators[at - 1] ?? '', `${number}`],
      )
      return { source, target: `${termValue(numbers, operators, modulus)}` }
    },
})

/** Sums of products, each reduced by the modulus, so that numbers stay exact at any length. */
function termValue(numbers: readonly number[], operators: readonly string[], modulus: number): number {
  let [sum, product, sign] = [0, numbers[0] ?? 0, 1]
  for (const [at, operator] of operators.entries()) {
    const number = numbers[at + 1] ?? 0
    if (operator === '*') product = (product * number) % modulus
    else [sum, product, sign] = [sum + sign * product, number, operator === '-' ? -1 : 1]
  }
  return (((sum + sign * product) % modulus) + modulus) % modulus
}
