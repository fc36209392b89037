'use client'
import { answerOf } from '@oo/sdk-js'
import { Button, Row } from '@oo/ui'
import { useId, useState } from 'react'
import { focused } from '../../page/focused.ts'
import { Said } from '../../page/said.tsx'
import { api, useVerb } from '../../page/useVerb.ts'
import { momentIn } from '../../tip/zone.ts'
import { Secret } from './secret.tsx'
import { type Delivery, nameOf, outcomeOf, plural, type Source, told } from './words.ts'

type SourceRowProps = { saved: Source; secret: string; zone: string; now: string; gone: () => void }
const listed = new Intl.ListFormat('en-GB')

type Asked = 'rotate' | 'delete'

export function SourceRow({ saved, secret: first, zone, now, gone }: SourceRowProps) {
  const [source, setSource] = useState(saved)
  const [secret, setSecret] = useState(first)
  const [asked, setAsked] = useState<Asked | null>(null)
  /** Which button has the focus when they are back. */
  const [back, setBack] = useState<Asked | 'look' | null>(null)
  const [deliveries, setDeliveries] = useState<Delivery[] | null>(null)
  const { busy, sentence, run } = useVerb()
  const { id, types } = source
  const name = nameOf(source)
  const params = { path: { source: id } }
  const when = (at: string) => momentIn(zone, new Date(at), new Date(now))
  const ask = (what: Asked) => busy || setAsked(what)
  const keep = () => {
    if (busy) return
    setBack(asked)
    setAsked(null)
  }
  const kept = () => {
    setBack('look')
    setSecret('')
  }
  const rotate = () =>
    run(async () => {
      const answer = await answerOf(api.POST('/integrations/ingress/{source}/rotate', { params }))
      setSource(answer.source)
      setSecret(answer.secret)
      setAsked(null)
    })
  const remove = () =>
    run(async () => {
      await api.DELETE('/integrations/ingress/{source}', { params })
      gone()
    })
  const look = () =>
    run(async () => {
      if (deliveries) return setDeliveries(null)
      const [last, { sources }] = await Promise.all([
        answerOf(api.GET('/integrations/ingress/{source}/deliveries', { params })),
        answerOf(api.GET('/integrations/ingress')),
      ])
      setDeliveries(last.deliveries)
      setSource(sources.find(one => one.id === id) ?? source)
    })
  return (
    <Row title={name}>
      <p className="text-dim">May tell {listed.format(types.map(type => told[type]))}.</p>
      <p className="text-dim">{heard(source, when)}</p>
      {source.state === 'sealed' && (
        <p className="pt-2">
          oO has lost the key to its name and its secret, so what it sends is refused. Give it a new secret,
          or delete it.
        </p>
      )}
      {source.oldSecretUntil && (
        <p className="pt-2">
          The old secret works until the new one was used, at the latest {when(source.oldSecretUntil)}.
        </p>
      )}
      {secret && <Secret id={id} secret={secret} type={types[0] ?? 'mood'} done={kept} />}
      {secret ? null : asked === null ? (
        <div className="flex flex-wrap gap-2 pt-3">
          <Button
            ref={back === 'look' ? focused : undefined}
            disabled={busy}
            aria-expanded={deliveries !== null}
            onClick={look}
          >
            Deliveries <span className="sr-only">of {name}</span>
          </Button>
          <Button ref={back === 'rotate' ? focused : undefined} disabled={busy} onClick={() => ask('rotate')}>
            New secret <span className="sr-only">for {name}</span>
          </Button>
          <Button ref={back === 'delete' ? focused : undefined} disabled={busy} onClick={() => ask('delete')}>
            Delete <span className="sr-only">{name}</span>
          </Button>
        </div>
      ) : (
        <Sure
          asked={asked}
          source={source}
          busy={busy}
          yes={asked === 'rotate' ? rotate : remove}
          no={keep}
        />
      )}
      {deliveries && !secret && asked === null && <Deliveries deliveries={deliveries} when={when} />}
      <Said>{sentence}</Said>
    </Row>
  )
}

const heard = ({ lastDeliveryAt, deliveries, signals }: Source, when: (at: string) => string): string =>
  lastDeliveryAt
    ? `Last heard ${when(lastDeliveryAt)} · ${plural(signals, 'signal')} in ${deliveries === 1 ? '1 delivery' : `${deliveries} deliveries`}`
    : 'Nothing heard yet.'

type SureProps = { asked: Asked; source: Source; busy: boolean; yes: () => void; no: () => void }

/** The focus comes to what changes nothing; what is asked describes it. */
function Sure({ asked, source, busy, yes, no }: SureProps) {
  const question = useId()
  return (
    <div className="grid gap-3 pt-3">
      <p id={question}>
        {asked === 'delete'
          ? 'What it sends is refused from now on, and what it told counts no longer. This cannot be undone.'
          : source.state === 'sealed'
            ? 'You get a new secret, and with it this source works again.'
            : 'You get a new secret. The one in use works until the new one was used, at most 24 hours.'}
      </p>
      <div className="flex flex-wrap gap-2">
        <Button look={asked === 'delete' ? 'grave' : 'plain'} disabled={busy} onClick={yes}>
          {asked === 'rotate' ? 'Yes, a new secret' : `Yes, delete ${nameOf(source)}`}
        </Button>
        <Button ref={focused} aria-describedby={question} disabled={busy} onClick={no}>
          Keep it
        </Button>
      </div>
    </div>
  )
}

type DeliveriesProps = { deliveries: Delivery[]; when: (at: string) => string }

function Deliveries({ deliveries, when }: DeliveriesProps) {
  if (deliveries.length === 0) return <p className="pt-3">No delivery yet.</p>
  return (
    <ol className="grid gap-2 pt-3" aria-label="Last deliveries">
      {deliveries.map(delivery => (
        <li key={delivery.id} className="grid gap-x-4 sm:grid-cols-[8rem_minmax(0,1fr)]">
          <span className="text-dim">{when(delivery.at)}</span>
          <span>{outcomeOf(delivery)}</span>
        </li>
      ))}
    </ol>
  )
}
