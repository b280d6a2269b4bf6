// What other programs and papers call the values of options, for error messages alone: no spec with these names is valid.

/** By the option that takes the value. */
const values: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  scheme: {
    ...all(['bio', 'bio2', 'iob-2'], 'that is `iob2`: every span begins with B'),
    ...all(
      ['iob', 'iob-1', 'bio1'],
      'that is `iob1` (B only between spans of a type) or `iob2` (every span begins with B)',
    ),
    ...all(['bioes', 'bieos', 'sbieo', 'iobse', 'bies', 'bioes2'], 'that is `iobes`'),
    ...all(['biluo', 'bioul', 'bioul2', 'biolu'], 'that is `bilou`'),
    ...all(['bmeso', 'bmewo', 'bmew'], 'that is `bmes`'),
    ...all(['io', 'raw', 'plain', 'no'], 'a run of equal tags is a span under `none`'),
  },
  activation: {
    ...all(['linear', 'none'], 'that is `identity`'),
    ...all(
      ['sigmoid', 'gelu', 'elu', 'selu', 'leaky-relu', 'leakyrelu', 'swish', 'silu', 'softplus'],
      '`tanh`, `relu` and `identity` are there',
    ),
  },
  combine: {
    ...all(['concatenate', 'concatenation', 'cat'], 'that is `concat`'),
    ...all(['add', 'addition'], 'that is `sum`'),
    ...all(['ave', 'avg', 'mean', 'average', 'mul'], 'directions are put side by side (`concat`) or added (`sum`)'),
  },
  pool: {
    ...all(['average', 'avg', 'ave', 'mean-pooling', 'meanpool', 'boe'], 'that is `mean`'),
    ...all(['max-pooling', 'maxpool', 'maximum'], 'that is `max`'),
    ...all(['add', 'total'], 'that is `sum`'),
    ...all(['attention', 'attentive', 'self-attention', 'weighted'], 'weights that are learned are `learned`'),
    ...all(['last', 'final', 'first', 'cls'], 'the last state alone is the context `last-state`'),
  },
  merge: { ...all(['average', 'avg'], 'that is `mean`'), ...all(['add'], 'that is `sum`') },
  loss: {
    ...all(['mse', 'l2', 'mean-squared-error', 'mseloss', 'quadratic', 'squared-error'], 'that is `squared`'),
    ...all(['mae', 'l1', 'mean-absolute-error', 'l1loss', 'absolute-error'], 'that is `absolute`'),
    ...all(['huber', 'smooth-l1', 'quantile', 'pinball', 'smape'], '`squared` and `absolute` errors are there'),
  },
  scale: {
    ...all(
      ['zscore', 'z-score', 'standardize', 'standardise', 'standardscaler', 'normal', 'mean-std'],
      'that is `standard`',
    ),
    ...all(['min-max', 'minmaxscaler', 'normalize', 'normalise'], 'that is `minmax`'),
    ...all(['robust', 'log', 'maxabs'], '`standard`, `minmax` and `none` are there'),
  },
  missingValues: {
    ...all(['ffill', 'pad', 'forward', 'forward-fill', 'last', 'locf'], 'that is `carry`: the last number before it'),
    ...all(['error', 'raise', 'fail'], 'that is `refuse`'),
    ...all(['drop', 'interpolate', 'mean', 'zero', 'bfill', 'backfill', 'linear'], '`carry` and `refuse` are there'),
  },
  reset: {
    ...all(['reset-after', 'cudnn'], 'that is `after`'),
    ...all(['reset-before'], 'that is `before`'),
  },
  initialState: {
    ...all(['zeros', 'none'], 'that is `zero`'),
    ...all(['trainable', 'parameter', 'learn'], 'that is `learned`'),
  },
  bridge: {
    ...all(['linear', 'mlp', 'tanh', 'projection', 'dense-nonlinear'], 'a learned layer is `dense`'),
    ...all(['copy', 'pass', 'identity', 'last'], 'states that are copied are `none`'),
    ...all(['zero', 'zeros'], 'a decoder that does not begin with C has receives: first-step or every-step'),
  },
  receives: {
    ...all(['init', 'initial', 'state', 'hidden', 'init-state'], 'that is `initial-state`'),
    ...all(['all', 'each-step', 'every', 'input', 'concat'], 'that is `every-step`'),
    ...all(['first', 'start'], 'that is `first-step`'),
  },
  position: {
    ...all(['bahdanau', 'pre', 'input'], 'that is `before` the cell'),
    ...all(['luong', 'post', 'output'], 'that is `after` the cell'),
  },
  start: {
    ...all(
      ['pretrained', 'glove', 'word2vec', 'fasttext', 'file'],
      'that is `vectors`, with the file under data.vectors',
    ),
  },
  average: { ...all(['weighted', 'samples', 'binary'], '`macro` and `micro` are there') },
  normalise: { ...all(['nfkc', 'nfkd'], '`NFC` and `NFD` are there: they change no character into another one') },
  reverse: {
    ...all(['true', 'yes', 'src', 'input'], 'that is `source`'),
    ...all(['false', 'no'], 'that is `none`'),
    ...all(['trg', 'tgt', 'output'], 'that is `target`'),
  },
}

function all(names: readonly string[], answer: string): Readonly<Record<string, string>> {
  return Object.fromEntries(names.map((name) => [name, answer]))
}

/** What to write for a value from elsewhere of the option at a path. */
export function valueCalled(path: string, value: string): string | undefined {
  const option = path.split('.').at(-1) ?? ''
  const names = Object.hasOwn(values, option) ? (values[option] ?? {}) : {}
  const name = value.toLowerCase().replaceAll('_', '-')
  return Object.hasOwn(names, name) ? names[name] : undefined
}
