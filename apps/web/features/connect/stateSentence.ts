import type { Integration } from '@oo/shared-types'

/** How an integration stands, in the words of the connect page. */
export function stateSentence({ state, openTasks, message }: Integration): string {
  switch (state) {
    case 'connected':
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
export const canConnect = ({ state }: Integration) => state === 'disconnected' || state === 'reconnect'
