'use client'
import type { Integration } from '@oo/shared-types'
import { Button, Row } from '@oo/ui'
import { useState } from 'react'
import { SignInForm } from './signInForm.tsx'
import { canConnect, isWell, stateSentence } from './stateSentence.ts'

/** An app: what of it is read and stored, how it stands, and the way in. */
export function ConnectRow({ integration }: { integration: Integration }) {
  const { id, name, reads, stores, state, entry } = integration
  // What stopped working has to be typed again; there is nothing else to do here.
  const [isOpen, setOpen] = useState(entry === 'form' && state === 'reconnect')
  return (
    <Row
      title={name}
      level={2}
      aside={
        canConnect(integration) &&
        !isOpen &&
        (entry === 'form' ? (
          <Button onClick={() => setOpen(true)}>
            Connect <span className="sr-only">{name}</span>
          </Button>
        ) : (
          <Button href={`/api/integrations/${id}/connect?next=/connect`}>
            Connect <span className="sr-only">{name}</span>
          </Button>
        ))
      }
    >
      <dl className="grid gap-1 pt-2 text-dim">
        <div>
          <dt className="inline">Reads: </dt>
          <dd className="inline">{reads}</dd>
        </div>
        <div>
          <dt className="inline">Stores: </dt>
          <dd className="inline">{stores}</dd>
        </div>
        <div className={isWell(integration) ? 'pt-1 text-ink' : 'pt-1'}>
          <dt className="sr-only">State: </dt>
          <dd className="inline">{stateSentence(integration)}</dd>
        </div>
      </dl>
      {isOpen && (
        <SignInForm
          integration={integration}
          onCancel={state === 'reconnect' ? undefined : () => setOpen(false)}
        />
      )}
    </Row>
  )
}
