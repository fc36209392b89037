'use client'
import type { Reaction, ReactionKind, Tip } from '@oo/shared-types'
import { useCallback, useEffect, useReducer, useRef } from 'react'
import { begin, type Face, type Happening, type Payload, step } from './machine.ts'
import { reactionName, shortened, undoneSentence } from './sentences.ts'
import * as wire from './wire.ts'

const leaveMs = 280
const breathMs = 500
const undoMs = 6_000
const fontMs = 400
const resendMs = [1_000, 3_000, 8_000, 15_000]

const pause = (ms: number) => new Promise<void>(resolve => setTimeout(resolve, ms))

/** The page's life: what is shown, what was done with it, and how it gets to the api and back. */
export function useTip(first: Face) {
  const [state, tell] = useReducer(step, first, begin)
  /** Each thing the person does starts a new turn; what an older turn still waits for no longer speaks. */
  const turn = useRef(0)
  const sent = useRef<Sent | null>(null)
  const latest = useRef(state)
  latest.current = state

  const lookAgain = useCallback(async () => {
    const mine = turn.current
    const face = await wire
      .look()
      .catch((error: unknown): Face => ({ is: 'away', sentence: wire.sentenceOf(error) }))
    await italicFor(face)
    if (mine !== turn.current) return
    if (face.is === 'away' && latest.current.face.is === 'tip' && latest.current.motion === 'still') return
    tell({ type: 'arrived', face })
  }, [])

  const react = useCallback(
    async (reaction: ReactionKind, snoozeUntil?: Date, when?: string) => {
      const { face, motion } = latest.current
      if (face.is !== 'tip' || motion !== 'still') return
      const unanswered = sent.current?.recorded ? undefined : sent.current?.payload
      const payload = samePayload(unanswered, face.tip, reaction, snoozeUntil)
      const key = (payload === sent.current?.payload && sent.current.key) || crypto.randomUUID()
      turn.current += 1
      const mine = turn.current
      const said = `${reactionName(reaction)}${when ? `, ${when}` : ''}: ${face.tip.text}. Press z to undo.`
      tell({ type: 'reacted', payload, said })
      const isMine = () => mine === turn.current
      const answer = send(payload, key, isMine, notice => tell({ type: 'unsent', notice }))
      const mySent: Sent = { payload, key, text: face.tip.text, answer, recorded: false }
      sent.current = mySent
      await pause(leaveMs)
      if (isMine()) tell({ type: 'left' })
      const id = await answer
      mySent.recorded = id !== null
      if (!isMine()) return
      if (id === null) return lookAgain()
      if (latest.current.motion === 'still') {
        tell({ type: 'reacted', payload, said })
        await pause(leaveMs)
        tell({ type: 'left' })
      }
      tell({ type: 'recorded', id })
      await pause(breathMs)
      if (isMine()) await lookAgain()
    },
    [lookAgain],
  )

  const undo = useCallback(async () => {
    const fresh = latest.current.undo
    turn.current += 1
    if (fresh) tell({ type: 'undone', tip: fresh.tip, said: undoneSentence(fresh.reaction, fresh.tip.text) })
    try {
      const sending = fresh ? (fresh.id ?? (await sent.current?.answer)) : null
      const last = sending ? null : await wire.lastReaction(fresh?.tip.id)
      if (sending || last) await wire.undo(sending ?? last?.id ?? '')
      else if (!fresh) return tell({ type: 'noticed', notice: 'There is nothing to undo.' })
      if (last && !fresh) tell(undoneLate(last, sent.current))
      sent.current = null
    } catch (error) {
      tell({ type: 'noticed', notice: wire.isPassing(error) ? undoFailed : wire.sentenceOf(error) })
    }
    await lookAgain()
  }, [lookAgain])

  const offered = state.undo ? `${state.undo.tip.id} ${state.undo.reaction}` : null
  useEffect(() => {
    if (offered === null) return
    const timer = setTimeout(() => tell({ type: 'undoEnded' }), undoMs)
    return () => clearTimeout(timer)
  }, [offered])

  return { state, tell, react, undo, lookAgain }
}

type Sent = {
  payload: Payload
  key: string
  text: string
  answer: Promise<string | null>
  /** Its key has its answer: the same choice later, after an undo elsewhere, is a new one. */
  recorded: boolean
}

/** Names what was undone; this page still knows the words of what it sent itself. */
function undoneLate({ reaction, tipId, text }: Reaction, sent: Sent | null): Happening {
  const words = text ?? (sent?.payload.tipId === tipId ? sent.text : undefined)
  return {
    type: 'undoneLate',
    notice: undoneSentence(reaction, words && shortened(words)),
    said: `${undoneSentence(reaction, words).replace(/\.$/, '')}.`,
  }
}

/** An advice waits a moment for its typeface, so that it never changes under the eye. */
async function italicFor(face: Face) {
  if (face.is !== 'tip' || face.tip.kind !== 'advice') return
  await Promise.race([document.fonts.load('italic 1em Newsreader').catch(() => undefined), pause(fontMs)])
}

const undoFailed = 'The undo did not reach oO. Press z to try again.'

/** Sends until it is recorded; the tip comes back meanwhile. Null when oO refused or stayed out of reach. */
async function send(
  payload: Payload,
  key: string,
  isMine: () => boolean,
  unsent: (notice: string) => void,
): Promise<string | null> {
  for (const waitMs of [...resendMs, null]) {
    try {
      return (await wire.react(payload, key)).id
    } catch (error) {
      if (!isMine()) return null
      if (!wire.isPassing(error)) {
        unsent(wire.sentenceOf(error))
        return null
      }
      unsent(
        waitMs === null
          ? 'oO cannot be reached. Nothing is lost: choose again when it is back.'
          : 'That did not reach oO yet. It is being sent again.',
      )
      await pause(waitMs ?? 0)
      if (!isMine()) return null
    }
  }
  return null
}

/** Choosing the same again after a failure sends the very same payload, so it can never count twice. */
function samePayload(before: Payload | undefined, tip: Tip, reaction: ReactionKind, until?: Date): Payload {
  const snoozeUntil = until?.toISOString()
  if (before?.tipId === tip.id && before.reaction === reaction && before.snoozeUntil === snoozeUntil)
    return before
  return { tipId: tip.id, reaction, ...(snoozeUntil && { snoozeUntil }), at: new Date().toISOString() }
}
