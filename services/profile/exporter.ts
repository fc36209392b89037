import type { Eraser, Exporter } from '@oo/kernel'
import { changed } from '@oo/kernel'
import type { ProfileCtx } from './context.ts'
import { placeOf } from './profileOf.ts'
import { purposeOrder } from './purposes.ts'
import { allAnswers, allPauses, cardOf, eraseProfile } from './store.ts'
import { wishesTopic } from './wishesMemory.ts'

const tables = ['profile.cards', 'profile.consents', 'profile.pauses']

export const exporterOf = (ctx: ProfileCtx): Exporter => ({
  tables,
  async collect(personId) {
    const card = await cardOf(ctx.db, personId)
    const sealer = card && (await ctx.auth.sealer(personId))
    const answers = await allAnswers(ctx.db, personId)
    const pauses = await allPauses(ctx.db, personId)
    return [
      {
        name: 'card',
        about: 'Who you are to oO: your name, your e-mail address, your settings and your pause.',
        schema: cardSchema,
        rows:
          card && sealer
            ? [
                {
                  id: personId,
                  name: sealer.open(card.name, placeOf('name', personId)),
                  email: sealer.open(card.email, placeOf('email', personId)),
                  timeZone: card.timeZone,
                  contrast: card.contrast,
                  pausedSince: card.pausedSince,
                  pausedUntil: card.pausedUntil,
                  createdAt: card.createdAt,
                },
              ]
            : [],
      },
      {
        name: 'consents',
        about: 'Every yes and no you gave, the oldest first; the last one of a purpose counts.',
        schema: consentSchema,
        rows: answers,
      },
      {
        name: 'pauses',
        about: 'When you paused oO, for about two months.',
        schema: pauseSchema,
        rows: pauses.map(({ since, until }) => ({ since, until })),
      },
    ]
  },
})

export const eraser: Eraser = {
  tables,
  async erase(tx, personId) {
    changed(tx, wishesTopic, personId)
    return { rows: await eraseProfile(tx, personId) }
  },
}

const instant = { type: 'string', format: 'date-time' }
const orNull = (type: string) => ({ type: [type, 'null'] })

const cardSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['id', 'name', 'email', 'timeZone', 'contrast', 'pausedSince', 'pausedUntil', 'createdAt'],
  properties: {
    id: { type: 'string', description: 'Your number in oO.' },
    name: { type: 'string' },
    email: { type: 'string' },
    timeZone: { ...orNull('string'), description: 'Null until a device has told it.' },
    contrast: { enum: ['black', 'soft'] },
    pausedSince: { ...orNull('string'), format: 'date-time' },
    pausedUntil: { ...orNull('string'), format: 'date-time', description: 'Null: until you resume.' },
    createdAt: instant,
  },
}

const consentSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['purpose', 'version', 'granted', 'at'],
  properties: {
    purpose: { enum: purposeOrder },
    version: { type: 'string', description: 'The version of the text you were shown.' },
    granted: { type: 'boolean' },
    at: instant,
  },
}

const pauseSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['since', 'until'],
  properties: {
    since: instant,
    until: { ...orNull('string'), format: 'date-time', description: 'Null: until you resume.' },
  },
}
