import assert from 'node:assert/strict'
import { frozenClock } from '@oo/kernel'
import { startRadicale, taskListsOf } from '@oo/local'
import { conforms } from '../conformance/conformance.ts'
import { openFront } from '../conformance/front.ts'
import { createCalDav } from './caldav.ts'
import { ann } from './testServers.ts'

conforms('CalDAV', async () => {
  const radicale = await startRadicale({ users: { [ann.user]: ann.password } })
  const front = await openFront(radicale.url)
  const clock = frozenClock(new Date())
  const lists = taskListsOf({ url: radicale.url, ...ann })
  const list = await lists.make()
  return {
    front,
    clock,
    connector: () => createCalDav({ innerHosts: [new URL(front.url).host] }, { clock }),
    async enter({ entry }) {
      assert.ok(entry.by === 'form')
      radicale.letIn({ [ann.user]: ann.password })
      return entry.signIn({ ...ann, address: front.url }, AbortSignal.timeout(5_000))
    },
    takeBack: async () => radicale.letIn({ [ann.user]: 'another password' }),
    tasks: {
      async add(words) {
        const uid = crypto.randomUUID()
        await lists.put(list, uid, `SUMMARY:${words}`)
        return uid
      },
      remove: async uid => void (await lists.delete(`${list}${uid}.ics`)),
    },
    async stop() {
      await front.stop()
      await radicale.stop()
    },
  }
})
