'use client'
import type { Reaction } from '@oo/shared-types'
import { Button, Row } from '@oo/ui'
import { useState } from 'react'
import { Said } from '../page/said.tsx'
import { api, useVerb } from '../page/useVerb.ts'
import { reactionName } from '../tip/sentences.ts'

type Dated = Reaction & { when: string }

export function Reactions({ reactions }: { reactions: Dated[] }) {
  if (reactions.length === 0) return <p className="text-dim">Nothing yet.</p>
  return (
    <ul>
      {reactions.map(reaction => (
        <ReactionRow key={reaction.id} saved={reaction} />
      ))}
    </ul>
  )
}

const kinds = { todo: 'a task', advice: 'an advice', ambient: 'a thought' }
const states: Record<Reaction['state'], string> = {
  recorded: '',
  completing: 'being completed where it came from',
  completed: 'completed where it came from',
  reopening: 'undone, being reopened where it came from',
  undone: 'undone',
  failed: 'could not be completed where it came from',
}

function ReactionRow({ saved }: { saved: Dated }) {
  const [state, setState] = useState(saved.state)
  const { busy, sentence, run } = useVerb()
  const { id, reaction, text, kind, when } = saved
  const name = reactionName(reaction)
  const undo = () =>
    run(async () => {
      await api.DELETE('/feedback/{id}', { params: { path: { id } } })
      setState(saved.state === 'completed' ? 'reopening' : 'undone')
    })
  const undone = state === 'undone' || state === 'reopening'
  return (
    <Row
      title={text ?? kinds[kind]}
      aside={
        !undone && (
          <Button disabled={busy} onClick={undo}>
            Undo{' '}
            <span className="sr-only">
              “{name.toLowerCase()}” for {text ?? kinds[kind]}
            </span>
          </Button>
        )
      }
    >
      <p className="text-dim">{[name, when, states[state]].filter(Boolean).join(' · ')}</p>
      <Said>{sentence}</Said>
    </Row>
  )
}
