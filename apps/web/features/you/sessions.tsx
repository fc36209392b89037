'use client'
import { Button, Row } from '@oo/ui'
import { useState } from 'react'
import { Said } from '../page/said.tsx'
import { api, useVerb } from '../page/useVerb.ts'

type Session = { id: string; current: boolean; device: string; when: string }

export function Sessions({ sessions: saved }: { sessions: Session[] }) {
  const [sessions, setSessions] = useState(saved)
  const { busy, sentence, run } = useVerb()
  const end = (id: string) =>
    run(async () => {
      await api.DELETE('/auth/sessions/{id}', { params: { path: { id } } })
      setSessions(those => those.filter(session => session.id !== id))
    })
  const signOut = () =>
    run(async () => {
      await api.POST('/auth/logout')
      location.assign('/sign-in?why=signed-out')
    })
  const everywhere = () =>
    run(async () => {
      await api.DELETE('/auth/sessions')
      location.assign('/sign-in?why=everywhere')
    })
  return (
    <>
      <ul>
        {sessions.map(({ id, current, device, when }) => (
          <Row
            key={id}
            title={device}
            aside={
              current ? (
                <Button disabled={busy} onClick={signOut}>
                  Sign out
                </Button>
              ) : (
                <Button disabled={busy} onClick={() => end(id)}>
                  Revoke <span className="sr-only">{device}</span>
                </Button>
              )
            }
          >
            <p className="text-dim">{current ? 'this device' : `last seen ${when}`}</p>
          </Row>
        ))}
      </ul>
      <div className="border-t border-line pt-4">
        <Button disabled={busy} onClick={everywhere}>
          Sign out everywhere
        </Button>
      </div>
      <Said>{sentence}</Said>
    </>
  )
}
