import type { Integration } from '@oo/shared-types'

/** How an integration stands, in the words of the connect page. */
export function stateSentence({ state, openTasks, message }: Integration): string {
  switch (state) {
    case 'connected':
      if (message !== undefined) return message
      if (openTasks === undefined) return 'connected'
      return `connected, ${openTasks} open ${openTasks === 1 ? 'task' : 'tasks'} understood`
    case 'disconnected':
      return 'not connected'
    case 'away':
      return message ?? 'connected, but it does not answer right now'
    case 'reconnect':
      return message ?? 'access was withdrawn; connect again'
    case 'unavailable':
      return message ?? 'not set up on this oO'
  }
}

export const isConnected = ({ state }: Integration) => state === 'connected' || state === 'away'
/** Where something is in the way, a sentence says so, and the state does not shine. */
export const isWell = ({ state, message }: Integration) => state === 'connected' && message === undefined
export const canConnect = ({ state }: Integration) => state === 'disconnected' || state === 'reconnect'

/** What went wrong at the provider, as the api tells it; undefined for what it never tells. */
export function problemSentence(problem: string): string | undefined {
  switch (problem) {
    case 'declined':
      return 'You chose not to go on there, so nothing new was connected.'
    case 'unticked':
      return 'oO needs everything it asked for there, and something was left out, so nothing new was connected. Connect again and allow it.'
    case 'away':
      return 'It does not answer right now, so nothing new was connected. Try again in a moment.'
    case 'expired':
      return 'That took too long or began in another window, so nothing new was connected. Try again.'
    default:
      return undefined
  }
}

/** Anybody can write an address: nothing is said of a source that is connected, meanwhile or already. */
export function cameBackSentence(
  { problem, source }: CameBack,
  integrations: Integration[],
): string | undefined {
  const isThere = integrations.some(integration => integration.id === source && isConnected(integration))
  return problem === undefined || isThere ? undefined : problemSentence(problem)
}

/** What the address says after a connection that failed. */
export type CameBack = { problem?: string | undefined; source?: string | undefined }
