/** Up to this many variants, the best on dev, have their attention and errors in the report. */
export const variantsInDetail = 8
