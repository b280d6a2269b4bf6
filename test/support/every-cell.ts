import { Value } from 'typebox/value'
import { type CellChoice, cells } from '../../src/model/cells/index.js'
import { everyPart, furtherChoices, nameOf } from '../conformance/variants.js'

/**
 * Every cell of the registry under its default options, and under each other value that its options offer; options
 * filled in. A new cell is here without a change.
 */
export const everyCell: readonly (readonly [name: string, choice: CellChoice])[] = [
  ...everyPart(cells),
  ...furtherChoices(cells),
].map((written) => {
  const options = cells.get(String(written.type)).options
  return [nameOf(written), { ...(Value.Default(options, { ...written }) as object), type: written.type } as CellChoice]
})
