'use client'
import type { Reaction, ReactionKind, Tip } from '@oo/shared-types'
import { useCallback, useEffect, useReducer, useRef } from 'react'
import { begin, type Face, type Happening, isSameTip, type Payload, step } from './machine.ts'
import { reactionName, shortened, undoneSentence } from './sentences.ts'
import * as wire from './wire.ts'

const leaveMs = 280
const breathMs = 500
const undoMs = 6_000
const fontMs = 400
const resendMs = [1_000, 3_000, 8_000, 15_000]

const pause = (ms: number) => new Promise<void>(resolve => setTimeout(resolve, ms))

/** The page's life: what is shown, what was done with it, and how it gets to the api and back. */
export function useTip(first: Face, isAside: boolean) {
  const [state, tell] = useReducer(step, first, begin)
  /** Each thing the person does starts a new turn; what an older turn still waits for no longer speaks. */
  const turn = useRef(0)
  const sent = useRef<Sent | null>(null)
  /** How many of the person's own requests are on their way. */
  const sending = useRef(0)
  const { motion: moves, open: opened } = state
  /** Not the moment to take the tip away: it moves, or the person chooses or reads beside it. */
  const busy = isAside || moves !== 'still' || (opened !== 'closed' && opened !== 'actions')
  const latest = useRef({ ...state, busy })
  latest.current = { ...state, busy }

  const lookAgain = useCallback(async () => {
    const mine = turn.current
    const face = await faceNow()
    if (mine !== turn.current) return
    if (face.is === 'away' && latest.current.face.is === 'tip' && latest.current.motion === 'still') return
    tell({ type: 'arrived', face })
  }, [])

  /** Unasked, so that it never disturbs: the same tip changes nothing, and another one waits until the old one left. */
  const lookUnasked = useCallback(async () => {
    if (latest.current.face.is !== 'tip') return lookAgain()
    const mine = turn.current
    const isFree = () => mine === turn.current && sending.current === 0 && !latest.current.busy
    if (!isFree()) return
    const face = await faceNow()
    if (face.is === 'away' || !isFree() || isSameTip(latest.current.face, face)) return
    tell({ type: 'withdrawn' })
    await pause(leaveMs)
    tell({ type: 'left' })
    await pause(breathMs)
    // An undo brought it back meanwhile, and asks by itself.
    if (latest.current.motion !== 'still') tell({ type: 'arrived', face })
  }, [lookAgain])

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
      sending.current += 1
      const answer = send(payload, key, isMine, notice => tell({ type: 'unsent', notice }))
      const mySent: Sent = { payload, key, text: face.tip.text, answer, recorded: false }
      sent.current = mySent
      await pause(leaveMs)
      if (isMine()) tell({ type: 'left' })
      const id = await answer
      sending.current -= 1
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
    sending.current += 1
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
    } finally {
      sending.current -= 1
    }
    await lookAgain()
  }, [lookAgain])

  const offered = state.undo ? `${state.undo.tip.id} ${state.undo.reaction}` : null
  useEffect(() => {
    if (offered === null) return
    const timer = setTimeout(() => tell({ type: 'undoEnded' }), undoMs)
    return () => clearTimeout(timer)
  }, [offered])

  return { state, busy, tell, react, undo, lookAgain, lookUnasked }
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

const faceNow = async (): Promise<Face> => {
  const face = await wire
    .look()
    .catch((error: unknown): Face => ({ is: 'away', sentence: wire.sentenceOf(error) }))
  await italicFor(face)
  return face
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
