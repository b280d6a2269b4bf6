import Type from 'typebox'

/** Symbols that an output has before it may end; where absent, it may end at once. */
export const minLengthSchema = Type.Optional(
  Type.Integer({
    minimum: 0,
    maximum: 65_536,
    description: 'Symbols that an output has at least: before, the end is never chosen. Default: none.',
  }),
)
