import { answerOf } from '@oo/sdk-js'
import { Button } from '@oo/ui'
import { redirect } from 'next/navigation'
import { KeepZone } from '../page/keepZone.tsx'
import { Away, Shell } from '../page/shell.tsx'
import { load } from '../sign-in/person.ts'
import { ConnectRow } from './connectRow.tsx'
import { type CameBack, cameBackSentence, isConnected } from './stateSentence.ts'
import { ToldOnce } from './toldOnce.tsx'

/** What oO can read, one plain row each; skipping is fine. */
export async function Connect({ welcome, ...cameBack }: CameBack & { welcome: boolean }) {
  const loaded = await load('/connect', async api => {
    const [{ integrations }, profile] = await Promise.all([
      answerOf(api.GET('/integrations')),
      answerOf(api.GET('/profile')),
    ])
    return { integrations, contrast: profile.contrast, timeZone: profile.timeZone }
  })
  if (!loaded.ok) return <Away path="/connect" sentence={loaded.sentence} />
  const { integrations, contrast, timeZone } = loaded.value
  const connected = integrations.some(isConnected)
  if (welcome && connected) redirect('/')
  return (
    <Shell
      title="What may oO read?"
      lead="oO finds your one tip in the apps you already use. It reads when it needs to and keeps no copy of what they say."
      contrast={contrast}
    >
      <KeepZone saved={timeZone} />
      <ToldOnce sentence={cameBackSentence(cameBack, integrations)} />
      <ul className="pt-8">
        {integrations.map(integration => (
          <ConnectRow key={integration.id} integration={integration} />
        ))}
      </ul>
      <p className="border-t border-line pt-6">
        {connected ? (
          <Button href="/">See your tip</Button>
        ) : (
          <Button href="/" look="quiet">
            Skip for now
          </Button>
        )}
      </p>
    </Shell>
  )
}
