import { answerOf } from '@oo/sdk-js'
import { Button, Section } from '@oo/ui'
import { Away, Shell } from '../page/shell.tsx'
import { load } from '../sign-in/person.ts'
import { momentIn } from '../tip/zone.ts'
import { Apps } from './apps.tsx'
import { Consents } from './consents.tsx'
import { Contrast } from './contrast.tsx'
import { DeleteAccount } from './deleteAccount.tsx'
import { Ingress } from './ingress/ingress.tsx'
import { Learned } from './learned.tsx'
import { Mood } from './mood.tsx'
import { Pause } from './pause.tsx'
import { Reactions } from './reactions.tsx'
import { Sessions } from './sessions.tsx'
import { TimeZone } from './timeZone.tsx'

/** Every setting there is, on one page. */
export async function You() {
  const loaded = await load('/you', api =>
    Promise.all([
      answerOf(api.GET('/profile/data')),
      answerOf(api.GET('/integrations')),
      answerOf(api.GET('/auth/sessions')),
      answerOf(api.GET('/feedback')),
      answerOf(api.GET('/insights')),
      answerOf(api.GET('/integrations/ingress')),
    ]),
  )
  if (!loaded.ok) return <Away path="/you" sentence={loaded.sentence} />
  const [data, { integrations }, { sessions }, { reactions }, insights, { sources }] = loaded.value
  const { profile, contexts, consents } = data
  const now = new Date()
  const zone = profile.timeZone ?? 'UTC'
  // The list of the machine lacks UTC and older names of zones; the one that holds is always there to be seen.
  const zones = [...new Set([zone, 'UTC', ...Intl.supportedValuesOf('timeZone')])].toSorted()
  const when = (instant: string) => momentIn(zone, new Date(instant), now)
  const asksMood = consents.senses.some(({ purpose, granted }) => purpose === 'mood' && granted)
  const mood = contexts.find(({ type, source, trust }) => type === 'mood' && source === 'page' && trust > 0)
  const noted = mood ? { mood: (mood.value ?? 0) * 2, when: when(mood.measuredAt) } : null
  return (
    <Shell
      title="You"
      lead={<span dir="auto">{`${profile.name} · ${profile.email}`}</span>}
      contrast={profile.contrast}
    >
      <div className="grid grid-cols-[minmax(0,1fr)] gap-14 pt-12">
        <Section id="pause" title="Pause" intro="While you pause, nothing is shown and nothing is learned.">
          <Pause pause={profile.pause} zone={zone} now={now.toISOString()} />
        </Section>
        {asksMood && (
          <Section id="mood" title="How you feel" intro="Your last note counts, for half a day at most.">
            <Mood noted={noted} />
          </Section>
        )}
        <Section id="time" title="Time zone" intro="Evenings, mornings and due dates follow this clock.">
          <TimeZone saved={profile.timeZone}>
            {zones.map(name => (
              <option key={name}>{name}</option>
            ))}
          </TimeZone>
        </Section>
        <Section id="contrast" title="Contrast">
          <Contrast saved={profile.contrast} />
        </Section>
        <Section id="apps" title="Apps">
          <Apps integrations={integrations} />
        </Section>
        <Section
          id="ingress"
          title="Your own sources"
          intro="A watch, a lamp, a script of yours: whatever can send a request may tell oO how your moment is."
        >
          <Ingress sources={sources} zone={zone} now={now.toISOString()} />
        </Section>
        <Section
          id="reactions"
          title="The last 24 hours"
          intro="What you told oO. Undoing also takes back what it learned."
        >
          <Reactions reactions={reactions.map(reaction => ({ ...reaction, when: when(reaction.at) }))} />
        </Section>
        <Learned insights={insights} />
        <Section id="consents" title="What you agreed to">
          <Consents answers={consents} />
        </Section>
        <Section id="sessions" title="Signed in">
          <Sessions sessions={sessions.map(session => ({ ...session, when: when(session.lastSeenAt) }))} />
        </Section>
        <Section
          id="data"
          title="Your data"
          intro="Everything oO holds about you, as one zip of plain text with a README."
        >
          <div>
            <Button href="/api/profile/export" download>
              Download everything
            </Button>
          </div>
        </Section>
        <Section
          id="delete"
          title="Delete your account"
          intro="Access to your apps is revoked, everything oO knows about you is erased, and you get a receipt. This cannot be undone."
        >
          <DeleteAccount />
        </Section>
        <p className="border-t border-line pt-6 text-dim">
          <a className="link" href="/legal/terms">
            Terms
          </a>{' '}
          ·{' '}
          <a className="link" href="/legal/privacy">
            Privacy
          </a>
        </p>
      </div>
    </Shell>
  )
}
