// What other programs and papers call things, for error messages alone: no spec with these names is valid.

/** A key by the names that it has elsewhere. */
const keys: Readonly<Record<string, readonly string[]>> = {
  learningRate: ['lr', 'learning_rate', 'eta', 'alpha', 'rate', 'step_size'],
  hidden: [
    'units',
    'hidden_size',
    'hiddensize',
    'hidden_dim',
    'hidden_units',
    'num_units',
    'rnn_size',
    'd_model',
    'size',
  ],
  layers: ['num_layers', 'numlayers', 'n_layers', 'depth', 'stacked'],
  dropout: ['dropout_rate', 'drop', 'p_dropout', 'recurrent_dropout', 'keep_prob'],
  bidirectional: ['bi', 'bidir', 'brnn', 'birnn'],
  size: [
    'dim',
    'dimension',
    'embedding_dim',
    'embedding_size',
    'emb_dim',
    'embed_dim',
    'width',
    'output_dim',
    'attention_dim',
  ],
  batchSize: ['batch', 'batch_size', 'minibatch', 'bs'],
  epochs: ['epoch', 'num_epochs', 'n_epochs', 'max_epochs', 'max_epoch', 'passes'],
  steps: ['iterations', 'max_steps', 'num_steps', 'updates', 'max_iter', 'train_steps'],
  patience: ['earlystopping', 'early_stopping', 'early_stop', 'stop_after'],
  clipNorm: [
    'clip',
    'gradient_clip',
    'grad_clip',
    'clip_grad_norm',
    'clip_gradient_norm',
    'max_grad_norm',
    'gradient_clipping',
    'clipping',
  ],
  warmup: ['warmup_steps', 'warm_up', 'learning_rate_warmup'],
  accumulate: [
    'gradient_accumulation',
    'accumulation',
    'batch_multiplier',
    'grad_accum',
    'gradient_accumulation_steps',
  ],
  labelSmoothing: ['label_smoothing', 'smoothing'],
  schedule: ['scheduler', 'scheduling', 'lr_scheduler', 'learning_rate_schedule', 'decay'],
  teacherForcing: ['teacher_forcing', 'teacher_forcing_ratio', 'scheduled_sampling', 'professor_forcing'],
  weightDecay: ['weight_decay', 'l2', 'l2_regularization', 'wd'],
  every: ['validation_freq', 'validation_frequency', 'eval_every', 'eval_steps', 'evaluate_every'],
  select: ['early_stopping_metric', 'monitor', 'best_metric', 'metric_for_best_model'],
  width: ['beam_size', 'beam_width', 'num_beams', 'k'],
  scorer: ['attention', 'score', 'attention_type', 'attn', 'alignment', 'scoring'],
  encoder: ['enc', 'src_encoder', 'rnn', 'reader'],
  decoder: ['dec', 'writer', 'generator'],
  maxLength: ['max_length', 'max_len', 'maxlen', 'max_sent_length', 'max_output_length'],
  minFrequency: ['min_freq', 'voc_min_freq', 'min_count', 'min_df'],
  maxSize: ['vocab_size', 'voc_limit', 'max_vocab', 'num_words', 'vocabulary_size', 'vocab'],
  lowercase: ['lower', 'lowercased', 'uncased', 'do_lower_case'],
  tiedEmbedding: ['tie', 'tied', 'tie_weights', 'tied_softmax', 'share_embeddings', 'tied_embeddings'],
  separator: ['sep', 'delimiter'],
  factors: [
    ...['token_columns', 'tokencolumns', 'word_features', 'wordfeatures', 'token_features', 'tokenfeatures'],
    ...['source_factors', 'sourcefactors', 'pos', 'feats', 'upos', 'columns', 'linguistic_features', 'feature_columns'],
  ],
  inputs: ['past_covariates', 'pastcovariates', 'past_feat_dynamic_real', 'hist_exog_list', 'exog'],
  knownAhead: [
    ...['future_covariates', 'futurecovariates', 'feat_dynamic_real', 'futr_exog_list', 'known_ahead'],
    ...['time_varying_known_reals', 'known_covariates', 'covariates'],
  ],
  window: ['lookback', 'look_back', 'input_size', 'context_length', 'input_chunk_length', 'lags'],
  horizon: ['prediction_length', 'output_chunk_length', 'forecast_horizon', 'forecast_length', 'h'],
  season: ['seasonality', 'season_length', 'period'],
  thousands: ['thousands_separator', 'grouping'],
  decimal: ['decimal_separator', 'decimal_mark', 'dec'],
  missing: ['na', 'na_values', 'na_strings', 'nan', 'null_values'],
  missingValues: ['fillna', 'fill', 'impute', 'missing_value_strategy'],
  seed: ['random_seed', 'random_state', 'manual_seed'],
  metrics: ['metric', 'eval_metrics', 'eval_metric'],
  decode: ['search', 'decoding', 'testing', 'inference'],
  train: ['training', 'trainer', 'fit'],
  task: ['problem', 'type'],
  source: ['src', 'input', 'inputs', 'x'],
  target: ['trg', 'tgt', 'output', 'outputs', 'y'],
}

/** Names of parts by kind. */
const parts: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  cell: {
    ...all(
      ['rnn', 'vanilla', 'vanilla-rnn', 'simplernn', 'simple', 'tanh'],
      'the plain recurrent network is `elman` (Elman 1990)',
    ),
    ...all(['birnn', 'brnn'], 'write cell: elman with bidirectional: true'),
    ...all(['bilstm', 'blstm'], 'write cell: lstm with bidirectional: true'),
    ...all(['bigru', 'bgru'], 'write cell: gru with bidirectional: true'),
    ...all(['mingru', 'min_gru'], 'that is `min-gru` (Feng et al. 2024)'),
    ...all(['minlstm', 'min_lstm'], 'that is `min-lstm` (Feng et al. 2024)'),
    ...all(['lnlstm', 'layernorm-lstm', 'layer-norm-lstm'], 'write cell: { type: lstm, layerNorm: true }'),
    ...all(['mlp', 'dense', 'linear', 'dnn'], 'a network without recurrence is `feed-forward`'),
    ...all(
      ['transformer', 'self-attention', 'bert', 'gpt'],
      'seqlab has recurrent cells; `aaren` is attention as a recurrence',
    ),
  },
  head: {
    ...all(
      ['pointer', 'copy', 'copynet', 'pointer_generator', 'pointergenerator', 'pointer-network'],
      'that is `pointer-generator` (See et al. 2017)',
    ),
    ...all(
      [
        'hard-attention',
        'hard_attention',
        'hard-monotonic',
        'hmm',
        'monotonic',
        'monotonic-attention',
        'hard_attention_lstm',
      ],
      'that is `hard-monotonic-attention` (Wu & Cotterell 2019)',
    ),
    ...all(['linear', 'dense', 'generator', 'output', 'projection', 'mlp'], 'that is `softmax`, one linear layer'),
  },
  scorer: {
    ...all(
      ['bahdanau', 'mlp', 'concat', 'tanh'],
      'that is `additive` (Bahdanau et al. 2015; "concat" in Luong et al. 2015)',
    ),
    ...all(['luong', 'multiplicative'], 'Luong et al. 2015 have `dot`, `general` and "concat", which is `additive`'),
    ...all(['scaled', 'scaled_dot', 'scaled-dot-product', 'transformer'], 'that is `scaled-dot` (Vaswani et al. 2017)'),
    ...all(['multihead', 'multi-head', 'multi_head'], 'that is `multi-head-dot`'),
  },
  context: {
    ...all(
      ['bahdanau', 'luong', 'attn', 'soft-attention'],
      'write from: attention, with its scorer (`additive` after Bahdanau, `general` after Luong)',
    ),
    ...all(['last', 'final', 'final-state', 'last-hidden', 'none', 'fixed'], 'that is `last-state`'),
    ...all(
      ['mean', 'max', 'pool', 'pooling', 'average', 'mean-pooling'],
      'write from: all-states, with the way in which they are summarised',
    ),
  },
  metric: {
    ...all(
      ['acc', 'categorical_accuracy'],
      'that is `accuracy` (classes), `token-accuracy` (tags) or `exact-match` (sequences)',
    ),
    ...all(['em', 'sequence-accuracy', 'sequence_accuracy', 'exact', 'exact_match'], 'that is `exact-match`'),
    ...all(['bleu4', 'bleu-4', 'sacrebleu'], 'that is `bleu`, with the tokenizers and smoothing of sacreBLEU'),
    ...all(['chrf++', 'chrf2'], 'write `chrf`; its option wordOrder: 2 makes it chrF++'),
    ...all(['ppl', 'perp'], 'that is `perplexity`'),
    ...all(['macro_f1', 'f1-macro', 'f1macro'], 'that is `macro-f1`'),
    ...all(
      ['fbeta', 'f-score', 'fscore', 'f1-score', 'f1score', 'f-measure', 'micro-f1', 'f1-micro'],
      'that is `f1`, or `macro-f1`',
    ),
    ...all(['mean-squared-error', 'l2'], 'that is `mse`'),
    ...all(['mean-absolute-error', 'l1'], 'that is `mae`'),
    ...all(['root-mean-squared-error'], 'that is `rmse`'),
    ...all(['mape'], 'that is `smape`, which zeros do not make infinite'),
    ...all(['ter', 'meteor', 'rouge', 'rouge-l', 'comet', 'bertscore'], '`bleu` and `chrf` are there'),
    ...all(['bpc'], 'that is `bits-per-character`'),
    ...all(
      ['loss', 'nll', 'ce', 'xent', 'crossentropy', 'cross_entropy', 'categorical-crossentropy', 'logloss', 'log-loss'],
      'that is `cross-entropy`; validate.select takes `loss` too',
    ),
    ...all(['seqeval', 'conlleval', 'span-f1', 'entity-f1', 'chunk-f1'], 'that is `slot-f1`'),
    ...all(
      ['levenshtein', 'edit-distance', 'edit_distance'],
      'edit distance over the reference is `ser` (symbols), `cer`, `wer` or `per`',
    ),
  },
  representation: {
    ...all(
      ['bert', 'elmo', 'pretrained', 'transformer'],
      'there are no pretrained encoders; `vectors` and embedding with start: vectors read word vectors',
    ),
    ...all(
      ['word2vec', 'glove', 'fasttext'],
      'write `vectors` (fixed) or embedding with start: vectors (learned on), and the file under data.vectors',
    ),
    ...all(['onehot', 'one_hot'], 'that is `one-hot`'),
    ...all(['bow', 'bag_of_words'], 'that is `bag-of-words`'),
    ...all(['lookup', 'embed', 'emb'], 'that is `embedding`'),
  },
  tokenizer: {
    ...all(['char', 'chars', 'character', 'letters'], 'that is `characters`'),
    ...all(['word', 'moses', 'tokenize'], 'that is `words` (punctuation apart) or `whitespace`'),
    ...all(
      ['subword', 'subwords', 'sentencepiece', 'wordpiece', 'subword-nmt', 'huggingface'],
      'pieces of words are learned by `bpe` or `unigram`; `tokenizer-file` reads a tokenizer.json or a sentencepiece model',
    ),
    ...all(['space', 'spaces', 'split', 'none', 'pre-tokenized'], 'that is `whitespace`'),
  },
  optimizer: {
    ...all(
      ['nadam', 'radam', 'lamb', 'lion', 'adafactor', 'adadelta', 'adamax', 'amsgrad', 'sparseadam', 'adabound', 'nag'],
      '`adam` and `adamw` are the nearest',
    ),
    ...all(['adam-w', 'bertadam', 'huggingface-adamw', 'adamwithweightdecay'], 'that is `adamw`'),
    ...all(['nesterov'], 'that is `momentum`, with its option for Nesterov'),
    ...all(['gd', 'gradient-descent', 'vanilla', 'asgd'], 'that is `sgd`'),
    ...all(['sgd-momentum', 'sgdm'], 'that is `momentum`'),
    ...all(['rms-prop', 'rms'], 'that is `rmsprop`'),
    ...all(['ada-grad'], 'that is `adagrad`'),
  },
  initialiser: {
    ...all(
      [
        'xavier',
        'xavier-uniform',
        'glorot-uniform',
        'xavier-normal',
        'glorot-normal',
        'xavieruniform',
        'glorotuniform',
      ],
      'that is `glorot`',
    ),
    ...all(
      ['kaiming', 'he', 'kaiming-uniform', 'kaiming-normal', 'he-uniform', 'he-normal', 'lecun', 'lecun-normal'],
      '`glorot` is the nearest',
    ),
    ...all(['default', 'auto'], 'that is `standard`'),
    ...all(['gaussian', 'random-normal', 'randn', 'truncated-normal', 'trunc-normal'], 'that is `normal`'),
    ...all(['random-uniform', 'rand', 'random'], 'that is `uniform`'),
    ...all(['zeros', 'zero', 'ones', 'one'], 'that is `constant`, with its value'),
    ...all(['ortho', 'orthonormal'], 'that is `orthogonal`'),
  },
  'learning-rate schedule': {
    ...all(['none', 'fixed', 'const'], 'that is `constant`'),
    ...all(
      ['noam', 'inverse-sqrt', 'invsqrt', 'rsqrt', 'inverse-squareroot', 'transformer', 'warmupinvsq'],
      'that is `inverse-square-root`, with `warmup`',
    ),
    ...all(['reduce-on-plateau', 'reducelronplateau', 'reduce-lr-on-plateau', 'reduceonplateau'], 'that is `plateau`'),
    ...all(['step-lr', 'steplr', 'multistep', 'multisteplr'], 'that is `step`'),
    ...all(['exponential', 'exponentiallr', 'exponential-decay'], '`step` is the nearest'),
    ...all(
      ['cosineannealing', 'cosineannealinglr', 'cosine-annealing', 'cosine-decay', 'cosine-with-warmup'],
      'that is `cosine`',
    ),
    ...all(['polynomial', 'polynomial-decay', 'linear-with-warmup', 'lineardecay', 'linear-decay'], 'that is `linear`'),
  },
  normaliser: {
    ...all(['entmax', 'sparse', 'entmax15'], 'that is `sparsemax`, or `softmax`'),
    ...all(['sigmoid', 'logsoftmax', 'log-softmax', 'none'], 'that is `softmax`'),
  },
  'search method': {
    ...all(['beamsearch', 'beam-search', 'beam_search'], 'that is `beam`'),
    ...all(['argmax', 'best', 'viterbi'], 'that is `greedy`'),
    ...all(['sampling', 'nucleus', 'top-k', 'top-p', 'multinomial'], 'that is `sample`'),
  },
  task: {
    ...all(
      ['seq2seq', 'translation', 'translate', 'g2p', 'inflection', 'summarization', 'encoder-decoder'],
      'that is `transduce`: a sequence in, another out',
    ),
    ...all(
      ['classification', 'classifier', 'sentiment', 'text-classification', 'n-1'],
      'that is `classify`: a sequence in, a label out',
    ),
    ...all(
      ['tagging', 'ner', 'pos', 'slot-filling', 'sequence-labeling', 'n-n'],
      'that is `tag`: a label for each token',
    ),
    ...all(['lm', 'language_model', 'languagemodel', 'char-rnn', 'text-generation'], 'that is `language-model`'),
    ...all(['forecasting', 'timeseries', 'time-series', 'regression', 'prediction'], 'that is `forecast`'),
    ...all(['1-n', 'generation'], 'that is `generate`: a symbol in, a sequence out'),
  },
}

function all(names: readonly string[], answer: string): Readonly<Record<string, string>> {
  return Object.fromEntries(names.map((name) => [name, answer]))
}

const byName = new Map<string, string[]>()
for (const [key, names] of Object.entries(keys)) {
  for (const name of names) byName.set(name, [...(byName.get(name) ?? []), key])
}

/** What a key may be called here: every meaning that it has elsewhere. */
export function keysCalled(name: string): readonly string[] {
  return byName.get(name.toLowerCase()) ?? byName.get(name.toLowerCase().replaceAll('-', '_')) ?? []
}

/** What to write for a part's name from elsewhere. */
export function partCalled(kind: string, name: string): string | undefined {
  const names = parts[kind] ?? {}
  const lower = name.toLowerCase()
  return [lower, lower.replaceAll('_', '-')].flatMap((each) => (Object.hasOwn(names, each) ? names[each] : []))[0]
}
