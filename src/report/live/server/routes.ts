import type { Query } from '../types.js'
import { isSame } from './access.js'

/** What a path asks for; names in it are checked by who answers. */
export type Route =
  | { readonly kind: 'page'; readonly view: 'studies' | 'runs' }
  | { readonly kind: 'page'; readonly view: 'study'; readonly study: string }
  | { readonly kind: 'page'; readonly view: 'trial'; readonly study: string; readonly trial: string }
  | { readonly kind: 'report' | 'model'; readonly study: string; readonly trial: string }
  | { readonly kind: 'comparison' | 'answer'; readonly study: string }
  | { readonly kind: 'asset'; readonly name: 'live.js' | 'live.css' | 'theme.js' }
  | { readonly kind: 'events'; readonly query: Query; readonly after: string | undefined }

const assets = ['live.js', 'live.css', 'theme.js'] as const

/** The route of a request's target; undefined where there is none, or its token is not the server's. */
export function routeOf(target: string, token: string): Route | undefined {
  const [path = '', ...rest] = target.split('?')
  const [empty, given = '', kind, ...names] = path.split('/').map(decoded)
  if (empty !== '' || given === undefined || !isSame(given, token)) return undefined
  if (names.some((name) => name === undefined || !isPlain(name))) return undefined
  const [study, trial, ...more] = names.filter((name) => name !== undefined)
  if (more.length > 0 || kind === undefined) return undefined
  return study === undefined ? rootRoute(kind, rest.join('?')) : studyRoute(kind, study, trial)
}

function rootRoute(kind: string, parameters: string): Route | undefined {
  if (kind === '') return { kind: 'page', view: 'studies' }
  if (kind === 'runs') return { kind: 'page', view: 'runs' }
  if (kind === 'events') return eventsRoute(new URLSearchParams(parameters))
  const name = assets.find((asset) => asset === kind)
  return name && { kind: 'asset', name }
}

function studyRoute(kind: string, study: string, trial: string | undefined): Route | undefined {
  if (trial !== undefined) {
    if (kind === 'trial') return { kind: 'page', view: 'trial', study, trial }
    return kind === 'report' || kind === 'model' ? { kind, study, trial } : undefined
  }
  if (kind === 'study') return { kind: 'page', view: 'study', study }
  return kind === 'comparison' || kind === 'answer' ? { kind, study } : undefined
}

/** Curves that one stream may ask for. */
export const mostRuns = 24

function eventsRoute(parameters: URLSearchParams): Route {
  const study = parameters.get('study') ?? undefined
  const fresh = parameters.getAll('new').slice(0, mostRuns)
  const runs = [...fresh, ...parameters.getAll('run')].slice(0, mostRuns)
  const samples = parameters.get('samples') ?? undefined
  const query = {
    ...{ studies: parameters.get('studies') === '1', runs, fresh },
    ...(study !== undefined && { study }),
    ...(samples !== undefined && { samples }),
  }
  return { kind: 'events', query, after: parameters.get('after') ?? undefined }
}

/** Undefined where it is no text. */
function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part)
  } catch {
    return undefined
  }
}

/** Names are looked up, never joined to a path; one with a separator is none of ours all the same. */
function isPlain(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !/[/\\\0]/.test(name)
}
