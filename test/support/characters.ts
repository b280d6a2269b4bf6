import type { DataOptions } from '../../src/data/options.js'

/** Tagged words of one to four characters: `é` and an emoji are one each. */
export const tagged: DataOptions = {
  source: {
    type: 'inline',
    train: [
      ['ab c', 'x y'],
      ['aaaa é😀', 'z x'],
    ],
    dev: [['cab ka', 'x y']],
    test: [['aaac c', 'z y']],
  },
  characters: { minFrequency: 1, maxLength: 32 },
}
