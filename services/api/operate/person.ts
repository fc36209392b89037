import { open, rm } from 'node:fs/promises'
import { Problem, sha256 } from '@oo/kernel'
import type { Api } from '../compose.ts'
import { Refused } from './refused.ts'

const eraseWithinMs = 60_000

/** Everything oO holds about a person, as the person would get it, into a file that only its owner reads. */
export async function exportPerson({ doors }: Api, personId: string, file: string): Promise<void> {
  await known(() => doors.auth.sealer(personId), personId)
  const zip = await doors.profile.export(personId)
  const handle = await open(file, 'wx', 0o600).catch(() => {
    throw new Refused(`${file} cannot be made: name a file that does not exist, in a folder of yours.`)
  })
  try {
    await handle.writeFile(zip)
    await handle.sync()
  } catch (error) {
    await rm(file, { force: true })
    throw error
  } finally {
    await handle.close()
  }
}

/** The same deletion that the person could ask for, carried to its end here; answers the number of the receipt. */
export async function erasePerson({ doors, modules }: Api, personId: string, say: (line: string) => void) {
  const { receiptId } = await known(() => doors.auth.requestErasure(personId), personId)
  const job = modules.flatMap(module => module.jobs ?? []).find(({ name }) => name === 'erase-person')
  if (!job) throw new Error('this api has no job erase-person')
  const data = { personId, receiptHash: sha256(receiptId).toString('hex') }
  await job.run(data, AbortSignal.timeout(eraseWithinMs))
  const receipt = await doors.auth.receipt(receiptId)
  for (const { name, rows } of receipt?.steps ?? []) say(`  ${name}: ${rows} rows`)
  return receiptId
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

async function known<T>(work: () => Promise<T>, personId: string): Promise<T> {
  if (!uuid.test(personId)) throw new Refused(nobody(personId))
  try {
    return await work()
  } catch (error) {
    if (error instanceof Problem && error.code === 'person_gone') throw new Refused(nobody(personId))
    throw error
  }
}

const nobody = (personId: string): string =>
  `There is no person ${personId} here. An id is what GET /api/auth/session answers a person who is signed in (personId); to an admin GET /api/admin/events names the ids of those who did something.`
