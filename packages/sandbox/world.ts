import { createHash, randomUUID } from 'node:crypto'
import { createZone, createZones, type Zone, type Zones } from './calendar.ts'
import { seedAccount } from './demo/seed.ts'
import { seedCalendar } from './demo/seed-calendar.ts'
import type { CalendarAccount } from './google/account.ts'
import type { Account } from './todoist/account.ts'

export type Person = {
  email: string
  name: string
  sub: string
  /** At Todoist. */
  account: Account
  /** At Google. */
  calendar: CalendarAccount
}

export const demoPerson = { email: 'demo@example.test', name: 'Demo' }
export const demoAdmin = { email: 'admin@example.test', name: 'Demo admin' }

const maxPeople = 20_000

/** Everything the stand-ins remember: plain memory, gone with the process, the same again at the next start. */
export type World = {
  readonly now: () => Date
  readonly zone: Zone
  readonly zones: Zones
  /** Different in every life: ids and cursors of an earlier life are told apart by it. */
  life: string
  people: Map<string, Person>
  /** The person with this address; a new address is a new person. */
  person(email: string, name?: string): Person
  bySub(sub: string): Person | undefined
  reset(): void
}

/** The same for an address in every life, so that who signed in before a restart is known after it. */
export const subOf = (email: string): string =>
  `sandbox-${createHash('sha256').update(`oo-sandbox:${email}`).digest('hex').slice(0, 24)}`

function nameFrom(email: string): string {
  const words = (email.split('@')[0] ?? '').split(/[._+-]+/).filter(Boolean)
  return words.map(word => word.charAt(0).toUpperCase() + word.slice(1)).join(' ') || 'Someone'
}

export function createWorld(settings: {
  now: () => Date
  zone: string
  seed: string
  nameLife?: (() => string) | undefined
}): World {
  const zone = createZone(settings.zone)
  const zones = createZones()
  const emailBySub = new Map<string, string>()
  const world: World = {
    now: settings.now,
    zone,
    zones,
    life: '',
    people: new Map(),
    person(email, name) {
      const known = world.people.get(email)
      if (known) {
        if (name) known.name = name
        return known
      }
      if (world.people.size >= maxPeople) {
        throw new Error(`The sandbox holds at most ${maxPeople} people. Call POST /control/reset.`)
      }
      const life = email === demoPerson.email ? 'full' : 'starter'
      const now = settings.now()
      const person: Person = {
        email,
        name: name ?? nameFrom(email),
        sub: subOf(email),
        account: seedAccount({ email, life, seed: settings.seed, zone, now }),
        calendar: seedCalendar({ email, life, zone, zones, now }),
      }
      world.people.set(email, person)
      emailBySub.set(person.sub, email)
      return person
    },
    bySub: sub => world.people.get(emailBySub.get(sub) ?? ''),
    reset() {
      world.life = (settings.nameLife ?? randomUUID)()
      world.people.clear()
      emailBySub.clear()
      world.person(demoPerson.email, demoPerson.name)
      world.person(demoAdmin.email, demoAdmin.name)
    },
  }
  world.reset()
  return world
}
