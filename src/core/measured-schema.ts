import Type from 'typebox'

/** How `Undefined` is checked in files. */
export const UndefinedValue = Type.Object({
  value: Type.Null({ description: 'There is no number.' }),
  reason: Type.String({ description: 'Why there is none.' }),
})

/** How `Measured` is checked in files. */
export const MeasuredValue = Type.Union([Type.Number(), UndefinedValue])
