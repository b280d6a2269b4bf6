/** Formats that a comparison is written in, by the ending of the file. */
export const formats = ['html', 'md', 'csv', 'json'] as const
export type Format = (typeof formats)[number]
