import { expect, test } from 'vitest'
import { withoutFolders } from '../../../src/report/analysis/reproductions/record.js'

test.each([
  ['seqlab reproduce scan --workers 2', 'seqlab reproduce scan --workers 2'],
  [
    'seqlab reproduce atis --data-dir /home/ada/data --workers 1',
    'seqlab reproduce atis --data-dir FOLDER --workers 1',
  ],
  [
    "seqlab reproduce atis --data-dir='/home/ada/my data' --out /tmp/x",
    'seqlab reproduce atis --data-dir FOLDER --out FOLDER',
  ],
])('%s is told without the folders of who ran it', (given, told) => expect(withoutFolders(given)).toBe(told))
