import { isJsonObject } from '../../../core/json.js'

// What is read of a trial's settings in study.json, which may be of other parts than this program has.

export type Settings = Readonly<Record<string, unknown>> | undefined

/** How long it trains. */
export function trainingLength(settings: Settings): { readonly steps?: number; readonly epochs?: number } {
  const train = isJsonObject(settings?.train) ? settings.train : {}
  const { steps, epochs } = train
  return { ...(typeof steps === 'number' && { steps }), ...(typeof epochs === 'number' && { epochs }) }
}

/** The metric that selects its checkpoint; undefined where that is the loss. */
export function selectedBy(settings: Settings): string | undefined {
  const train = isJsonObject(settings?.train) ? settings.train : {}
  const select = isJsonObject(train.validate) ? train.validate.select : undefined
  const [first] = Array.isArray(select) ? select : [select]
  return isJsonObject(first) && typeof first.type === 'string' ? first.type : undefined
}

/** Its task, which its loss is measured by. */
export function taskOf(settings: Settings): { readonly type: string } | undefined {
  const task = settings?.task
  return isJsonObject(task) && typeof task.type === 'string' ? { ...task, type: task.type } : undefined
}

/** How its texts become tokens. */
export function tokensOf(settings: Settings): {
  readonly data: { readonly sourceTokens?: Named; readonly targetTokens?: Named }
} {
  const data = isJsonObject(settings?.data) ? settings.data : {}
  const { sourceTokens, targetTokens } = data
  return { data: { ...(isNamed(sourceTokens) && { sourceTokens }), ...(isNamed(targetTokens) && { targetTokens }) } }
}

interface Named {
  readonly type: string
}

function isNamed(choice: unknown): choice is Named {
  return isJsonObject(choice) && typeof choice.type === 'string'
}

/** Whether its model reads features as positions before the source's own. */
export function readsFeaturesFirst(settings: Settings): boolean {
  const model = isJsonObject(settings?.model) ? settings.model : {}
  const join = isJsonObject(model.features) ? model.features.join : undefined
  return isNamed(join) && join.type === 'source'
}
