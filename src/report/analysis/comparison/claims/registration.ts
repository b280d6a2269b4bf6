import type { Registration } from '../../../../store/index.js'
import { agree, counted } from '../../../format/grammar.js'

/** When a claim was stated, as the ledger has it. */
export function registrationText(registered: Registration | undefined): string {
  if (registered === undefined) return 'not in the ledger'
  const { started, finished } = registered
  if (started === 0) return 'registered before training'
  if (finished > 0) return `added or changed after ${counted(finished, 'trial')} had a result`
  return `added or changed after training had begun (${counted(started, 'trial')}), before there was a result`
}

/** Whether a claim stood before anything was trained. */
export function isRegistered(registered: Registration | null): boolean {
  return registered !== null && registered.started === 0
}

/** What the marks are worth; empty where nothing is claimed. */
export function orderText(claims: readonly { readonly registered: Registration | null }[]): string {
  if (claims.length === 0) return ''
  const late = claims.filter(({ registered }) => !isRegistered(registered)).length
  const which =
    late === 0
      ? 'All claims stood in the ledger before the first trial was started.'
      : `${counted(late, 'claim')} ${agree(late, 'was', 'were')} not there before the first trial was started.`
  return `${which} The ledger shows an order, not honesty: who has seen results elsewhere can still register a claim.`
}
