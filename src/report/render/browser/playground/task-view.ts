import type { PlaygroundModel } from '../../../../playground/model.js'
import { forecastView } from './forecast-view.js'
import { textView } from './text-view.js'
import type { View } from './view.js'

export function viewOf({ task }: PlaygroundModel): View {
  return task === 'forecast' ? forecastView : textView
}
