/** Options of a schema whose objects take no other keys than those it declares. */
export const closed = { additionalProperties: false } as const
