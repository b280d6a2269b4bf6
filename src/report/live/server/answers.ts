import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { builtRoot } from '../../../core/package.js'
import { trialPath } from '../../../store/index.js'
import { themeScript } from '../../render/page/page.js'
import type { Drawer } from '../draw/drawer.js'
import type { DrawRequest } from '../draw/types.js'
import type { PageData, Query } from '../types.js'
import { isInside } from '../watch/files.js'
import type { Watch } from '../watch/index.js'
import { livePolicy, pagePolicy } from './headers.js'
import type { Route } from './routes.js'
import { liveStyles, shellPage } from './shell.js'

/** What answers are made of. */
export interface Site {
  readonly watch: Watch
  readonly drawer: Drawer
  /** The secret that every path begins with. */
  readonly token: string
}

/** An answer that is whole; headers besides those of every answer. */
export interface Answer {
  readonly status: number
  readonly text: string
  readonly headers: Readonly<Record<string, string>>
}

/** A sentence for people. */
export function sentence(status: number, text: string, headers: Answer['headers'] = {}): Answer {
  const plain = { 'Content-Type': 'text/plain; charset=utf-8', 'Content-Security-Policy': "default-src 'none'" }
  return { status, text, headers: { ...plain, ...headers } }
}

export function notFound(): Answer {
  return sentence(404, 'There is nothing here.')
}

/** The answer to what is no stream; names that lead nowhere have none. */
export async function answerTo(site: Site, route: Exclude<Route, { kind: 'events' }>): Promise<Answer> {
  switch (route.kind) {
    case 'asset':
      return asset(route.name)
    case 'page':
      return livePage(site, route)
    default:
      return drawnPage(site, route)
  }
}

function livePage({ watch, token }: Site, { kind: _, ...view }: Extract<Route, { kind: 'page' }>): Answer {
  if ('study' in view && !isThere(watch, view)) return notFound()
  const update = watch.update({ studies: view.view === 'studies', runs: [], fresh: [], ...studyOf(view) })
  if (update === undefined) return notFound()
  const data: PageData = { ...view, base: `/${token}/`, update }
  return { status: 200, text: shellPage(data), headers: { ...html, 'Content-Security-Policy': livePolicy } }
}

/** Of which study a page shows the trials. */
function studyOf(view: { readonly view: PageData['view']; readonly study?: string }): Pick<Query, 'study'> {
  if (view.view === 'runs') return { study: '*' }
  return view.study === undefined ? {} : { study: view.study }
}

function isThere(watch: Watch, { study, trial }: { readonly study: string; readonly trial?: string }): boolean {
  const found = watch.study(study)
  return found !== undefined && (trial === undefined || found.rows.some(({ id }) => id === trial))
}

const failures: Readonly<Record<DrawRequest['kind'], string>> = {
  report: 'This page cannot be made',
  comparison: 'This page cannot be made',
  answer: 'The comparison cannot be made',
  model: 'The model cannot be loaded',
}

interface DrawnRoute {
  readonly kind: DrawRequest['kind']
  readonly study: string
  readonly trial?: string
}

async function drawnPage({ watch, drawer }: Site, route: DrawnRoute): Promise<Answer> {
  const study = watch.study(route.study)
  const directory = route.trial === undefined ? study?.directory : study?.publishedFolder(route.trial)
  if (study === undefined || directory === undefined) return notFound()
  if (route.kind === 'model' && !isInside(watch.root, trialPath(directory, 'model'))) return notFound()
  const { text, error } = await drawer.draw(route.kind, directory, study.filesStamp)
  if (error !== undefined) return sentence(500, `${failures[route.kind]}: ${error}`)
  if (route.kind === 'answer' || route.kind === 'model')
    return { status: 200, text, headers: { 'Content-Type': 'application/json; charset=utf-8' } }
  return { status: 200, text, headers: { ...html, 'Content-Security-Policy': pagePolicy(text) } }
}

function asset(name: Extract<Route, { kind: 'asset' }>['name']): Answer {
  if (name === 'live.css') return typed('text/css', liveStyles())
  const script = name === 'theme.js' ? themeScript : liveScript()
  if (script === undefined) return sentence(404, 'The script of the live pages is not built (npm run build).')
  return typed('text/javascript', script)
}

function typed(type: string, text: string): Answer {
  return { status: 200, text, headers: { 'Content-Type': `${type}; charset=utf-8` } }
}

function liveScript(): string | undefined {
  const path = join(builtRoot, 'report', 'live', 'browser', 'live.js')
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined
}

const html = { 'Content-Type': 'text/html; charset=utf-8' }
