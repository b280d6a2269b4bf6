import type { HostTensor, TensorSpec } from '../core/tensors.js'
import { leaves, mapTree, type Tree } from '../core/tree.js'
import type { Dataset } from '../data/types.js'
import type { Engine, EngineState, Executable, PureFunction, Signature } from '../engine/types.js'
import type { BatchShape } from '../model/types.js'
import { tasks } from '../task/index.js'
import { modelSizes } from '../task/sizes.js'
import type { RunPure, Task, TaskModel } from '../task/types.js'
import { flatSpecs, type Layout, layoutOf, sliceParameters } from './layout.js'
import { optimizers } from './optimizers/index.js'
import { gradientsOfStep, type StepParts, stepSignature, trainStep } from './step.js'
import type { Optimizer, TrialSettings } from './types.js'

/** What a trial runs on an engine, each made ready on first use. Trials of equal settings and sizes may share one. */
export interface TrialFunctions {
  readonly model: TaskModel
  readonly layout: Layout
  readonly parts: StepParts
  step(shape: BatchShape): Promise<Executable>
  /** The step's gradients without the update. */
  gradients(shape: BatchShape): Promise<Executable>
  /** Runs pure functions of the parameters in `state`, which holds the flat vectors and nothing else. */
  runPure(state: EngineState): RunPure
  /** Time spent on making functions ready so far. */
  compileMs(): number
  dispose(): Promise<void>
}

export function trialFunctions(settings: TrialSettings, dataset: Dataset, engine: Engine): TrialFunctions {
  const parts = stepParts(settings, dataset)
  const { model, layout } = parts
  const ready = new Map<string, Promise<Executable>>()
  let compileMs = 0
  const compile = async (name: string, pure: PureFunction, signature: Signature) => {
    const before = performance.now()
    const executable = await engine.compile(name, pure, signature)
    compileMs += performance.now() - before
    return executable
  }
  const once = (name: string, pure: () => PureFunction, signature: () => Signature) => {
    const made = ready.get(name) ?? compile(name, pure(), signature())
    ready.set(name, made)
    return made
  }
  const runPure =
    (state: EngineState): RunPure =>
    async (name, pure, inputs) => {
      const specs = mapTree(inputs, ({ dtype, shape }): TensorSpec => ({ dtype, shape }))
      const wrapped = (): PureFunction => (flats, tensors) => ({
        outputs: pure(sliceParameters(layout, flats), tensors),
      })
      const signature = () => ({ state: flatSpecs(layout.groups), inputs: specs })
      const executable = await once(`${name} ${shapesOf(inputs)}`, wrapped, signature)
      return executable.run(state, inputs)
    }
  return {
    model,
    layout,
    parts,
    step: (shape) =>
      once(
        `train ${shapeName(shape)}`,
        () => trainStep(parts),
        () => stepSignature(parts, shape),
      ),
    gradients: (shape) =>
      once(
        `gradients ${shapeName(shape)}`,
        () => gradientsOfStep(parts),
        () => stepSignature(parts, shape),
      ),
    runPure,
    compileMs: () => compileMs,
    dispose: async () => {
      for (const executable of ready.values()) await (await executable).dispose()
      ready.clear()
    },
  }
}

function stepParts({ task, model, train }: TrialSettings, dataset: Dataset): StepParts {
  const built = taskOf(task.type).build(task, model, modelSizes(dataset))
  const { type, ...options } = train.optimizer
  const part: Optimizer = optimizers.parts[type]
  return { model: built, layout: layoutOf(built.parameters), optimizer: { part, options }, clipNorm: train.clipNorm }
}

function taskOf(name: string): Task {
  const parts: Readonly<Record<string, Task>> = tasks.parts
  const task = parts[name]
  if (task === undefined) throw new RangeError(`No task "${name}" among: ${Object.keys(parts).join(', ')}`)
  return task
}

export const shapeName = ({ batch, source, target }: BatchShape) => `${batch}x${source}x${target}`

function shapesOf(inputs: Tree<HostTensor>): string {
  return leaves(inputs)
    .map(([, { shape }]) => shape.join('x'))
    .join(' ')
}
