import { openDoor, readDoorEnv, stopWith } from '@oo/ui/door'
import next from 'next'

try {
  const env = readDoorEnv(process.env, 'OO_ADMIN_PORT', 3001)
  const app = next({ dir: import.meta.dirname, dev: false, hostname: env.bind, port: env.port })
  await app.prepare()
  await openDoor(env, 'OO_ADMIN_PORT', app.getRequestHandler(), { alivePath: '/health/alive' })
} catch (error) {
  stopWith(error)
}
