import { SeqlabError } from '../../core/errors.js'
import type { BatchShape, HostTensor, TensorSpec } from '../../core/tensors.js'
import { leaves, mapTree, type Tree } from '../../core/tree.js'
import type { Dataset } from '../../data/types.js'
import type { Engine, EngineState, Executable, PureFunction, Signature } from '../../engine/types.js'
import { taskOf } from '../../task/index.js'
import { modelSizes } from '../../task/sizes.js'
import type { RunPure, TaskModel } from '../../task/types.js'
import { optimizers } from '../optimizers/index.js'
import { nameMatcher, refuseUnmatched } from '../parameter-patterns.js'
import type { TrialSettings } from '../types.js'
import { type CompileListener, executables } from './executables.js'
import { flatSpecs, type Layout, layoutOf, sliceParameters } from './layout.js'
import { accumulateSignature, applySignature, batchSignature, stepSignature } from './signatures.js'
import { accumulateStep, applyStep, gradientsOfStep, type StepParts, trainStep } from './train-step.js'

/** What a trial runs on an engine, each function compiled at its first use. Trials of equal settings and sizes may share one. */
export interface TrialFunctions {
  readonly model: TaskModel
  readonly layout: Layout
  readonly parts: StepParts
  /** A whole step over one batch. */
  step(shape: BatchShape): Promise<Executable>
  /** One batch of a step over several, and the update after the last. */
  accumulate(shape: BatchShape): Promise<Executable>
  apply(): Promise<Executable>
  /** The gradients over a batch, without the update. */
  gradients(shape: BatchShape): Promise<Executable>
  /** Runs pure functions of the parameters in `state`, which holds the flat vectors and nothing else. */
  runPure(state: EngineState): RunPure
  /** Time spent compiling so far. */
  compileMs(): number
  /** Calls the listener at every compilation from now on, until the function that it returns is called. */
  onCompile(listener: CompileListener): () => void
  dispose(): Promise<void>
}

/**
 * Compiled functions that are kept besides the training step's at its shapes: encoding, search and cross-entropy at a few
 * shapes of dev and of test, and the update of accumulated gradients.
 */
const otherFunctions = 32

/** What the graphs are functions of: trials of equal identity may share them. */
export function graphIdentity(settings: ModelSettings, { digests }: Dataset): string {
  return JSON.stringify([digests.training, graphSettings(settings)])
}

/**
 * Everything but what is an input of the graphs (the learning rate), decides only which of them run how often, or is in
 * their names (the search).
 */
function graphSettings({ task, model, train }: ModelSettings): unknown {
  const { steps: _, epochs: __, schedule: ___, validate: ____, optimizer, ...rest } = train
  return { task, model, train: { ...rest, optimizer: { ...optimizer, learningRate: undefined } } }
}

/** What of a trial's settings its graphs follow from. */
type ModelSettings = Pick<TrialSettings, 'task' | 'model' | 'train'>

export function trialFunctions(settings: ModelSettings, dataset: Dataset, engine: Engine): TrialFunctions {
  const parts = stepParts(settings, dataset)
  const { model, layout } = parts
  const compiled = executables(engine, settings.train.maxShapes + otherFunctions, graphIdentity(settings, dataset))
  const ofShape = (
    name: string,
    shape: BatchShape,
    pure: (of: StepParts) => PureFunction,
    signature: (of: StepParts, shape: BatchShape) => Signature,
  ) =>
    compiled.get(
      `${name} ${shapeName(shape)}`,
      () => pure(parts),
      () => signature(parts, shape),
    )
  const runPure =
    (state: EngineState): RunPure =>
    async (name, pure, inputs) => {
      const specs = mapTree(inputs, ({ dtype, shape }): TensorSpec => ({ dtype, shape }))
      const wrapped = (): PureFunction => (flats, tensors) => ({
        outputs: pure(sliceParameters(layout, flats), tensors),
      })
      const signature = () => ({ state: flatSpecs(layout.groups), inputs: specs })
      const executable = await compiled.get(`${name} ${shapesOf(inputs)}`, wrapped, signature)
      return executable.run(state, inputs)
    }
  return {
    model,
    layout,
    parts,
    step: (shape) => ofShape('train', shape, trainStep, stepSignature),
    accumulate: (shape) => ofShape('accumulate', shape, accumulateStep, accumulateSignature),
    gradients: (shape) => ofShape('gradients', shape, gradientsOfStep, batchSignature),
    apply: () =>
      compiled.get(
        'update',
        () => applyStep(parts),
        () => applySignature(parts),
      ),
    runPure,
    compileMs: compiled.compileMs,
    onCompile: compiled.onCompile,
    dispose: compiled.dispose,
  }
}

/** Throws SeqlabError 'spec' or 'data' where the model does not fit the data, or a pattern names no parameter. */
export function stepParts({ task, model, train }: ModelSettings, dataset: Dataset): StepParts {
  const built = taskOf(task).build(model, modelSizes(dataset))
  const names = leaves(built.parameters).map(([path]) => path)
  refuseUnmatched(train.freeze, 'train.freeze', names)
  const layout = layoutOf(built.parameters, nameMatcher(train.freeze))
  if (layout.trained.length === 0) throw nothingToTrain()
  return {
    model: built,
    layout,
    optimizer: optimizers.build(train.optimizer),
    clipNorm: train.clipNorm,
    labelSmoothing: train.labelSmoothing,
    alwaysForced: train.teacherForcing.type === 'always',
  }
}

function nothingToTrain(): SeqlabError {
  const problem = { path: 'train.freeze', message: 'every parameter is frozen: nothing is left to train' }
  return new SeqlabError('spec', `${problem.path}: ${problem.message}`, { problems: [problem] })
}

const shapeName = ({ batch, source, target }: BatchShape) => `${batch}x${source}x${target}`

function shapesOf(inputs: Tree<HostTensor>): string {
  return leaves(inputs)
    .map(([, { shape }]) => shape.join('x'))
    .join(' ')
}
