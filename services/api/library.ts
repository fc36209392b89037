// A module that runs in another process is a library here: its door is used, but what it would do by itself is done
// there. Only what this process remembers for it has to hear of changes too.
import type { Events } from '@oo/events'

/** The log as such a module sees it: it may append, and only its memory subscribes, under a name of this process. */
export const asLibrary = (events: Events, processName: string): Events => ({
  append: events.append,
  appendAll: events.appendAll,
  recent: events.recent,
  forward: () => {},
  beforeDrop: () => {},
  subscribe(subscriber) {
    if (subscriber.inMemory) events.subscribe({ ...subscriber, name: `${subscriber.name}@${processName}` })
  },
})
