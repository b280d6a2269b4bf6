import type { Problem } from '../../core/errors.js'
import { judge } from '../../core/judge.js'
import { didYouMean, oneOf } from '../../core/suggest.js'
import { sources } from '../../data/sources/index.js'
import { headPart } from '../../model/heads/index.js'
import type { Spec } from '../types.js'

/** Rules between sections that are each valid by themselves. */
export function jointProblems(spec: Spec): Problem[] {
  return judge(
    () => untiedProblems(spec),
    () => smoothingProblems(spec),
    () => vectorProblems(spec, 'source'),
    () => vectorProblems(spec, 'target'),
    () => featureProblems(spec),
    () => characterProblems(spec),
    () => factorProblems(spec),
  )
}

/** Copies of weights stay equal (or diverge) as configured only under plain gradient descent. */
function untiedProblems({ model, train }: Spec): Problem[] {
  if (model.encoder?.unroll.type !== 'untied') return []
  const problems: Problem[] = []
  const { type } = train.optimizer
  if (type !== 'sgd') {
    const message = `copies of weights at each time step must be trained by plain gradient descent, not ${type}`
    problems.push({
      path: 'train.optimizer',
      message,
      expected: 'sgd, or model.encoder.unroll: shared',
      received: type,
    })
  }
  if (train.clipNorm !== undefined) {
    const message = "clipping would scale the copies' gradients by a norm that shared weights do not have"
    problems.push({ path: 'train.clipNorm', message, expected: 'no clipNorm, or model.encoder.unroll: shared' })
  }
  return problems
}

/** Some heads' losses cannot be smoothed. */
function smoothingProblems({ model: { head }, train: { labelSmoothing } }: Spec): Problem[] {
  const part = headPart(head)
  if (labelSmoothing === 0 || part.smooths) return []
  const message = `the loss of the head ${part.name} cannot be smoothed`
  return [{ path: 'train.labelSmoothing', message, expected: '0', received: `${labelSmoothing}` }]
}

/** Features that are read and the section that reads them need each other. */
function featureProblems({ data, model }: Spec): Problem[] {
  const { hasFeatures } = sources.build(data.source)
  if (hasFeatures === true && model.features === undefined) {
    const message = 'nothing reads these features'
    return [{ path: 'data.source', message, expected: 'a section model.features, or no column of features' }]
  }
  if (hasFeatures === true || model.features === undefined) return []
  const message = 'the model reads features, and the data have none'
  const expected = 'a source with features: tsv, csv or jsonl with featuresColumn, or inline with a third text'
  return [{ path: 'model.features', message, expected }]
}

/** Characters are there for what reads them. */
function characterProblems({ data, model }: Spec): Problem[] {
  if (data.characters === undefined || model.source?.characters !== undefined) return []
  const message = 'nothing reads these characters'
  const expected = 'model.source.characters: bilstm or cnn, or no data.characters'
  return [{ path: 'data.characters', message, expected }]
}

/** Factors that are read and those that the data have are the same. */
function factorProblems({ data, model }: Spec): Problem[] {
  const [given, read] = [sources.build(data.source).factors ?? {}, model.source?.factors ?? {}]
  const [names, wanted] = [Object.keys(given), Object.keys(read)]
  const unread = names.filter((name) => !Object.hasOwn(read, name))
  const absent = wanted.filter((name) => !Object.hasOwn(given, name))
  const where = data.source.type === 'inline' ? 'data.source' : 'data.source.factors'
  return [
    ...unread.map((name): Problem => {
      const path = where === 'data.source' ? where : `${where}.${name}`
      return {
        path,
        message: `nothing reads the factor ${name}`,
        expected: `\`model.source.factors.${name}\`, or no such factor`,
      }
    }),
    ...absent.map((name): Problem => {
      const message = `the model reads the factor ${name}, and the data have none of that name${didYouMean(name, names)}`
      const expected = 'a source with factors: conllu, tagged, tsv, csv or jsonl (factors: { name: column }), or inline'
      return { path: `model.source.factors.${name}`, message, expected: names.length === 0 ? expected : oneOf(names) }
    }),
  ]
}

/** A word-vector file and an embedding that starts from it need each other. */
function vectorProblems({ data, model }: Spec, side: 'source' | 'target'): Problem[] {
  const representation = model[side]?.representation
  const wanted = representation?.type === 'embedding' && representation.start === 'vectors'
  const hasFile = data.vectors?.[side] !== undefined
  if (hasFile && !wanted) {
    const message = 'no representation starts from this file'
    const expected = `model.${side}.representation: { type: embedding, start: vectors }`
    return [{ path: `data.vectors.${side}`, message, expected }]
  }
  if (wanted && !hasFile) {
    const message = 'the embedding starts from vectors, but data.vectors has no word-vector file'
    return [{ path: `model.${side}.representation.start`, message, expected: `a file in data.vectors.${side}` }]
  }
  return []
}
