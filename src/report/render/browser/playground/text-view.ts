import type { Opened } from '../../../../playground/model.js'
import { writeSequence } from '../../../../playground/sequence.js'
import { type ReadSource, readSource } from '../../../../playground/source.js'
import { visibleSymbol } from '../../../format/tokens.js'
import { classify, tags, textGoesOn } from './answers.js'
import { element, labelled } from './dom.js'
import { outputView } from './output.js'
import { partsRead } from './strips.js'
import type { View } from './view.js'

const mostCandidates = 5
const topShown = 3

/** Controls of tasks that read text: a field, examples to pick, and features where the model reads some. */
export const textView: View = ({ model, examples, features, prefix, compact }, show) => {
  const input = element(model.task === 'language-model' ? 'textarea' : 'input', { value: examples[0] ?? '' })
  input.id = `${prefix}-source`
  input.setAttribute('autocomplete', 'off')
  input.setAttribute('spellcheck', 'false')
  const known = element('input', { id: `${prefix}-features`, value: features[0] ?? '', autocomplete: 'off' })
  const picker = element('select', { id: `${prefix}-example` })
  picker.append(...examples.map((text, at) => element('option', { value: String(at) }, shortened(text))))
  let forced: readonly number[] = []
  const answer = async (opened: Opened): Promise<readonly HTMLElement[]> => {
    const { model } = opened
    const source = readSource(model, input.value, known.value)
    const notes = notesOf(source)
    if (source.tokens.length === 0 && model.task !== 'language-model')
      return [element('p', { className: 'quiet' }, 'Type a source.')]
    if (model.task === 'tag') return [...notes, ...(await tags(opened, source, compact))]
    if (model.task === 'classify') return [...notes, ...(await classify(opened, source, compact))]
    const force = (ids: readonly number[]) => {
      forced = ids
      show(answer)
    }
    const shared = { forced, force, compact }
    if (model.task === 'language-model') return [...notes, ...(await textGoesOn(opened, source, shared))]
    const written = await writeSequence(opened, source, { forced, nBest: mostCandidates, top: topShown })
    const columns = model.joined ? [...source.features, ...source.tokens] : source.tokens
    const read = partsRead(written.read, columns, source.features)
    return [...notes, ...outputView({ model, answer: written, read, columns, ...shared })]
  }
  const changed = () => {
    forced = []
    show(answer)
  }
  input.addEventListener('input', changed)
  known.addEventListener('input', changed)
  picker.addEventListener('change', () => {
    input.value = examples[Number(picker.value)] ?? ''
    known.value = features[Number(picker.value)] ?? ''
    changed()
  })
  const fields = [labelled(model.task === 'language-model' ? 'Text' : 'Source', input)]
  if (model.vocabularies.features !== undefined) fields.push(labelled('Features', known))
  if (examples.length > 0) fields.push(labelled('Test examples', picker))
  return { elements: [element('div', { className: 'fields controls' }, ...fields)], show: () => show(answer) }
}

function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text
}

/** Symbols that the model does not know, and what it is not given. */
function notesOf({ unknown, cut }: ReadSource): HTMLElement[] {
  const names = [...new Set(unknown)].map(visibleSymbol).join(', ')
  const texts = [
    ...(unknown.length === 0 ? [] : [`Unknown to the model, and read as <unk>: ${names}.`]),
    ...(cut === 0 ? [] : [`The last ${cut} tokens are more than the model reads: they are left out.`]),
  ]
  return texts.map((text) => element('p', { className: 'notice' }, text))
}
