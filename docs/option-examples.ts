/** An example for options whose table row does not show their use: a whole file, checked by the tests. */
export interface OptionExample {
  /** The section of docs/options.md that it belongs to. */
  readonly section: string
  readonly title: string
  readonly text: string
  readonly yaml: string
  readonly study?: boolean
}

const base = 'extends: configs/attention-additive.yaml'

export const optionExamples: readonly OptionExample[] = [
  {
    section: 'data',
    title: 'Less data, and larger held-out sets',
    text: 'Subsets are taken after the split, so that the dev and test sets are the same for every size of training set.',
    yaml: `# less-data.yaml
${base}
data:
  split: { dev: 0.05, test: 0.1 } # fractions, because they are below 1
  limit: { train: 5000 }`,
  },
  {
    section: 'data',
    title: 'Pretrained embeddings',
    text: 'The file has a symbol and its vector per line (word2vec, GloVe), of dimension `size`. `frozen` keeps the vectors fixed; without it they are fine-tuned.',
    yaml: `# pretrained.yaml
${base}
data:
  vectors: { source: vectors.txt.gz }
model:
  source: { representation: { type: embedding, size: 100, start: vectors, frozen: true } }`,
  },
  {
    section: 'model.encoder',
    title: 'Dropout, layer normalisation, residual connections',
    text: 'Dropout is applied to the input of each layer after the first and to the output of the last layer. `variational` draws one mask per sequence instead of one per step.',
    yaml: `# regularised.yaml
${base}
model:
  encoder: { layers: 2, dropout: 0.3, variational: true, layerNorm: true, residual: true }
  decoder: { layers: 2, dropout: 0.3 }`,
  },
  {
    section: 'model.decoder',
    title: 'A bridge from C to the initial state',
    text: 'The encoder has two directions of 64 units, the decoder one of 96: C cannot be copied. `automatic` adds a layer where it is needed, `dense` always adds one, and `none` is an error for this model.',
    yaml: `# bridge.yaml
${base}
model:
  encoder: { hidden: 64 }
  context: last-state
  decoder: { hidden: 96, receives: initial-state, bridge: dense }`,
  },
  {
    section: 'model.decoder',
    title: 'Tied embedding',
    text: 'The output layer uses the target embedding as its kernel, so its input must have the size of an embedding.',
    yaml: `# tied.yaml
${base}
model:
  target: { representation: { type: embedding, size: 128 } }
  decoder: { hidden: 128, readout: output, tiedEmbedding: true }`,
  },
  {
    section: 'train',
    title: 'Warm start, with frozen parameters',
    text: 'The encoder starts from the best parameters of a finished trial and is not trained; the rest starts from random parameters. `seqlab explain` prints the names of the parameters.',
    yaml: `# warm-start.yaml
${base}
train:
  init: { from: runs/attention-additive/9e54450e85dffb4a, parameters: [source/*, encoder/*] }
  freeze: [source/*, encoder/*]`,
  },
  {
    section: 'train',
    title: 'More steps for a finished trial',
    text: 'With `take: training` the optimizer state and the step count continue as well.',
    yaml: `# more-steps.yaml
${base}
train:
  init: { from: runs/attention-additive/9e54450e85dffb4a, take: training }
  steps: 7000`,
  },
  {
    section: 'train',
    title: 'Early stopping',
    text: 'Training ends after four validations in a row without a better phoneme error rate; the best checkpoint is tested. Of checkpoints with equal phoneme error rates the one with more exact matches is the better. The learning rate halves after two validations without a better error rate. Validations search greedily, also where `decode` is a beam: that is the search of the evaluation after training.',
    yaml: `# early-stopping.yaml
${base}
train:
  steps: 20000
  schedule: { type: plateau, factor: 0.5, patience: 2 }
  validate: { every: 250, select: [per, exact-match], patience: 4 }`,
  },
  {
    section: 'train',
    title: 'Checkpoint averaging',
    text: "After the last validation the mean of the last five validations' parameters is validated too, as one more candidate for the best (Polyak & Juditsky 1992; Vaswani et al. 2017, section 6.1): it is the model only where it is better than each of them. `record.json` has `averaged: 5` then, `metrics.jsonl` a line of kind `average`. Until then the checkpoint has five more copies of the parameters (`--plan` says how many bytes); here none is kept once the trial has completed.",
    yaml: `# averaging.yaml
${base}
train:
  average: 5
  keepCheckpoint: false
  validate: { every: 250 }`,
  },
  {
    section: 'train',
    title: 'Label smoothing, clipping, accumulation, warm-up',
    text: 'Each step accumulates the gradients of 4 batches of 64 examples, equivalent to one batch of 256, and clips them to a norm of 1.',
    yaml: `# large-batches.yaml
${base}
train:
  batchSize: 64
  accumulate: 4
  clipNorm: 1
  labelSmoothing: 0.1
  warmup: 500
  schedule: { type: inverse-square-root, from: 500 }`,
  },
  {
    section: 'train',
    title: 'Scheduled sampling',
    text: 'The decoder is fed the true previous symbol less and less often, and its own prediction otherwise.',
    yaml: `# scheduled-sampling.yaml
${base}
train:
  teacherForcing: { type: linear, to: 0.5 }`,
  },
  {
    section: 'decode',
    title: 'Beam search',
    text: '',
    yaml: `# beam.yaml
${base}
decode: { type: beam, width: 8, lengthNormalisation: 0.6, nBest: 3 }`,
  },
  {
    section: 'study',
    title: 'Matching parameters',
    text: 'Every cell gets the hidden size whose model has closest to 400,000 parameters; the decoder keeps its ratio to the encoder.',
    study: true,
    yaml: `# matched.yaml
${base}
grid:
  model.encoder.cell, model.decoder.cell: [[gru, gru], [lstm, lstm], [elman, elman]]
match: { parameters: 400000, by: [model.encoder.hidden, model.decoder.hidden] }
seeds: 3`,
  },
  {
    section: 'study',
    title: 'Random search with a budget',
    text: 'Points are drawn from ranges (`range`: uniform, `log`: uniform in the logarithm, `integers`) and from lists.',
    study: true,
    yaml: `# random-search.yaml
${base}
random:
  samples: 12
  space:
    train.optimizer.learningRate: { log: [0.0003, 0.01] }
    model.encoder.dropout: { range: [0, 0.5] }
    model.context.scorer: [additive, general]
budget: { steps: 1000, minutes: 120 }`,
  },
]
