'use client'
import type { Integration } from '@oo/shared-types'
import { Button, Row } from '@oo/ui'
import { useId, useState } from 'react'
import { canConnect, isConnected, stateSentence } from '../connect/stateSentence.ts'
import { focused } from '../page/focused.ts'
import { Said } from '../page/said.tsx'
import { api, useVerb } from '../page/useVerb.ts'

export function Apps({ integrations }: { integrations: Integration[] }) {
  return (
    <ul>
      {integrations.map(integration => (
        <AppRow key={integration.id} saved={integration} />
      ))}
    </ul>
  )
}

function AppRow({ saved }: { saved: Integration }) {
  const [integration, setIntegration] = useState(saved)
  const [asking, setAsking] = useState(false)
  /** What can be done next has the focus when it is back. */
  const [answered, setAnswered] = useState(false)
  const question = useId()
  const { busy, sentence, run } = useVerb()
  const { id, name, entry } = integration
  const disconnect = () =>
    run(async () => {
      await api.DELETE('/integrations/{id}', { params: { path: { id } } })
      const { openTasks: _, connectedAt: __, message: ___, ...rest } = integration
      setIntegration({ ...rest, state: 'disconnected' })
      answer()
    })
  const answer = () => {
    setAnswered(true)
    setAsking(false)
  }
  const next = answered ? focused : undefined
  return (
    <Row
      title={name}
      aside={
        canConnect(integration) ? (
          <Button
            ref={next}
            href={entry === 'form' ? '/connect' : `/api/integrations/${id}/connect?next=/you`}
          >
            Connect <span className="sr-only">{name}</span>
          </Button>
        ) : (
          isConnected(integration) &&
          !asking && (
            <Button ref={next} onClick={() => setAsking(true)}>
              Disconnect <span className="sr-only">{name}</span>
            </Button>
          )
        )
      }
    >
      <p className="text-dim">{stateSentence(integration)}</p>
      {asking && (
        <div className="grid gap-3 pt-3">
          <p id={question}>
            {entry === 'form'
              ? `oO deletes the password for ${name} and forgets what it computed from it; end the password at your server too.`
              : `oO gives its access to ${name} back and forgets what it computed from it.`}{' '}
            Nothing changes in {name}. You can connect again at any time.
          </p>
          <div className="flex flex-wrap gap-2">
            <Button look="grave" disabled={busy} onClick={disconnect}>
              Yes, disconnect {name}
            </Button>
            <Button
              ref={focused}
              aria-describedby={question}
              disabled={busy}
              onClick={() => busy || answer()}
            >
              Keep it
            </Button>
          </div>
        </div>
      )}
      <Said>{sentence}</Said>
    </Row>
  )
}
